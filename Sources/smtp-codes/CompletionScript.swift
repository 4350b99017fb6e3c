import SMTPCore

/// A completion script for one shell, with every option and every code beside its name.
///
/// The codes are in the script itself: completing one starts no program.
enum CompletionScript: String {
    case bash, zsh, fish

    /// Reads `--generate-completion-script SHELL`.
    init?(arguments: some Collection<String>) {
        guard arguments.count == 2, arguments.first == "--generate-completion-script",
            let shell = arguments.dropFirst().first, let script = Self(rawValue: shell)
        else { return nil }
        self = script
    }

    var text: String {
        switch self {
        case .bash: Self.bashText
        case .zsh: Self.zshText
        case .fish: Self.fishText
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    // MARK: bash

    private static var bashText: String {
        var values = ""
        var longs: [String] = []
        for entry in OptionTable.all {
            longs.append("--\(entry.name)")
            if let short = entry.short { longs.append("-\(short)") }
            let names = "--\(entry.name)" + (entry.short.map { "|-\($0)" } ?? "")
            switch entry.value {
            case .none: break
            case .words(let words), .optionalWords(let words):
                let offers = "compgen -W \(quoted(words.joined(separator: " ")))"
                if entry.isList {
                    // The word after the last comma is completed; what precedes it stays.
                    values +=
                        "    \(names)) local done=${cur%\"${cur##*,}\"}; COMPREPLY=($(\(offers) -P \"$done\" -- \"${cur##*,}\")); return ;;\n"
                } else {
                    values += "    \(names)) COMPREPLY=($(\(offers) -- \"$cur\")); return ;;\n"
                }
            case .text:
                values += "    \(names)) return ;;\n"
            }
        }
        let codes = OptionTable.codes.map { "    \(quoted("\($0.code)  \($0.name)"))" }.joined(separator: "\n")
        return """
            # bash completion for smtp-codes. Generated: smtp-codes --generate-completion-script bash

            _smtp_codes() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} entry
                COMPREPLY=()
                # --provider=mi comes as one word, or as three where = separates words.
                if [[ $cur == --*=* ]]; then
                    prev=${cur%%=*} cur=${cur#*=}
                elif [[ $prev == = ]]; then
                    prev=${COMP_WORDS[COMP_CWORD-2]}
                elif [[ $cur == = ]]; then
                    cur=
                fi
                case $prev in
            \(values)    esac
                if [[ $cur == -* ]]; then
                    COMPREPLY=($(compgen -W \(quoted(longs.joined(separator: " "))) -- "$cur"))
                    return
                fi
                local codes=(
            \(codes)
                )
                for entry in "${codes[@]}"; do
                    [[ $entry == "$cur"* ]] && COMPREPLY+=("$entry")
                done
                # A file, as a log or a bounce.
                if (( ${#COMPREPLY[@]} == 0 )); then COMPREPLY=($(compgen -f -- "$cur")); fi
                # One code left: insert it without its name.
                if (( ${#COMPREPLY[@]} == 1 )); then COMPREPLY=("${COMPREPLY[0]%%  *}"); fi
            }

            complete -o nosort -F _smtp_codes smtp-codes

            """
    }

    // MARK: zsh

    private static var zshText: String {
        func escaped(_ text: String, _ marks: String) -> String {
            String(text.flatMap { marks.contains($0) ? ["\\", $0] : [$0] })
        }
        let options = OptionTable.all.map { entry in
            let help = "[" + escaped(entry.help, "[]\\:") + "]"
            let value =
                switch entry.value {
                case .none: ""
                case .words(let words) where entry.isList:
                    ":\(entry.valueName):_values -s , \(entry.valueName) \(words.joined(separator: " "))"
                case .words(let words): ":\(entry.valueName):(\(words.joined(separator: " ")))"
                case .optionalWords(let words): "::\(entry.valueName):(\(words.joined(separator: " ")))"
                case .text: ":\(entry.valueName): "
                }
            var line = "        " + quoted("--\(entry.name)\(help)\(value)") + " \\\n"
            if let short = entry.short { line += "        " + quoted("-\(short)\(help)\(value)") + " \\\n" }
            return line
        }.joined()
        let codes = OptionTable.codes.map { "        \(quoted("\($0.code):\(escaped($0.name, "\\:"))"))" }
            .joined(separator: "\n")
        return """
            #compdef smtp-codes
            # zsh completion for smtp-codes. Generated: smtp-codes --generate-completion-script zsh

            _smtp_codes_codes() {
                local -a codes
                codes=(
            \(codes)
                )
                _describe -t codes 'status code' codes
            }

            _smtp_codes_inputs() {
                _smtp_codes_codes
                _files
            }

            _smtp-codes() {
                _arguments -s \\
            \(options)        '*:status code:_smtp_codes_inputs'
            }

            if [ "$funcstack[1]" = "_smtp-codes" ]; then _smtp-codes "$@"; else compdef _smtp-codes smtp-codes; fi

            """
    }

    // MARK: fish

    private static var fishText: String {
        func quoted(_ text: String) -> String {
            "'" + String(text.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] }) + "'"
        }
        let options = OptionTable.all.map { entry in
            let short = entry.short.map { " -s \($0)" } ?? ""
            let value =
                switch entry.value {
                case .none: ""
                case .words(let words), .optionalWords(let words): " -x -a \(quoted(words.joined(separator: " ")))"
                case .text: " -x"
                }
            return "complete -c smtp-codes -l \(entry.name)\(short)\(value) -d \(quoted(entry.help))\n"
        }.joined()
        let codes = OptionTable.codes.map { "complete -c smtp-codes -a \($0.code) -d \(quoted($0.name))\n" }.joined()
        return """
            # fish completion for smtp-codes. Generated: smtp-codes --generate-completion-script fish

                        \(options)\(codes)
            """
    }
}
