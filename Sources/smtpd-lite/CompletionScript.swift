/// Additions to the parser's completion scripts: after `--` begins a command, which the shell completes as such.
enum CompletionScript {
    /// The script, or any other text unchanged.
    static func completed(_ text: String) -> String {
        if text.hasPrefix("#compdef smtpd-lite\n") { return inserting(zsh, afterLine: "_smtpd-lite() {", in: text) }
        if text.hasPrefix("#!/bin/bash\n") { return inserting(bash, afterLine: "_smtpd-lite() {", in: text) }
        if text.hasPrefix("function __smtpd-lite_") { return text + "\n" + fish }
        return text
    }

    private static func inserting(_ addition: String, afterLine line: String, in text: String) -> String {
        text.replacing("\n\(line)\n", with: "\n\(line)\n\(addition)\n", maxReplacements: 1)
    }

    private static let bash = """
            local -i command_index
            for ((command_index = 1; command_index < COMP_CWORD; command_index++)); do
                [[ "${COMP_WORDS[command_index]}" = -- ]] || continue
                if declare -F _command_offset >/dev/null; then
                    _command_offset "$((command_index + 1))"
                elif ((command_index + 1 == COMP_CWORD)); then
                    COMPREPLY=($(compgen -c -- "${2}"))
                else
                    COMPREPLY=($(compgen -f -- "${2}"))
                fi
                return
            done

        """

    private static let zsh = """
            local -i command_index="${words[(i)--]}"
            if ((command_index < CURRENT)); then
                shift "${command_index}" words
                ((CURRENT -= command_index))
                _normal
                return
            fi

        """

    private static let fish = """
        function __smtpd-lite_complete_command
            set -l tokens (commandline -opc)
            set -l index (contains -i -- -- $tokens)
            complete -C (string join -- ' ' (string escape -- $tokens[(math $index + 1)..]) (commandline -ct))
        end
        complete -c 'smtpd-lite' -n 'contains -- -- (commandline -opc)' -fa '(__smtpd-lite_complete_command)'
        """
}
