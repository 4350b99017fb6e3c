import Foundation

/// An interactive shell on a terminal of its own, with a tool's completion script loaded.
///
/// The tool itself is replaced by a function that writes each of its arguments in angle brackets, so that what TAB made of a
/// line can be read from what the shell passes on.
package final class CompletingShell: Sendable {
    private let terminal: Terminal
    private let tool: String

    /// Starts a shell.
    ///
    /// - Parameters:
    ///   - shell: `bash`, `zsh` or `fish`.
    ///   - script: the path of the completion script.
    package init(_ shell: String, tool: String, script: String) throws {
        self.tool = tool
        let words: [String]
        let setup: String
        switch shell {
        case "bash":
            words = ["bash", "--norc", "--noprofile", "-i"]
            setup = """
                bind 'set bell-style none'; bind 'set show-all-if-ambiguous on'; bind 'set page-completions off'; \
                bind 'set completion-query-items 0'; \(tool)() { printf '<%s>' "$@"; echo; }; source '\(script)'; PS1='READ''Y '
                """
        case "zsh":
            words = ["zsh", "-f", "-i"]
            setup = """
                autoload -Uz compinit; compinit -u -D; LISTMAX=0; unsetopt beep; \(tool)() { printf '<%s>' "$@"; echo }; \
                source '\(script)'; PS1='READ''Y '
                """
        case "fish":
            words = ["fish", "--no-config", "-i"]
            setup = """
                set -g fish_autosuggestion_enabled 0; function \(tool); printf '<%s>' $argv; echo; end; \
                source '\(script)'; function fish_prompt; echo 'READ''Y '; end
                """
        case _: throw HarnessError("\(shell) is no shell that is known here")
        }
        terminal = try Terminal(words, environment: ["HISTFILE": "", "XDG_DATA_HOME": "/nonexistent"])
        terminal.type("\(setup)\r")
        try terminal.wait(for: "READY ")
    }

    /// Types a line with tabs in it, and Return.
    ///
    /// - Returns: the arguments that the tool gets, each in angle brackets.
    package func arguments(of line: String) throws -> String {
        terminal.type("\(tool) \(line)\r")
        try terminal.wait(for: "\n<")
        try terminal.wait(for: "READY ")
        let output = terminal.output
        let end = output.range(of: "READY ", options: .backwards)?.lowerBound ?? output.endIndex
        let start = output[..<end].range(of: "\n<", options: .backwards)?.lowerBound ?? end
        let text = output[start..<end].drop { $0.isNewline }
        return String(text.prefix { !$0.isNewline })
    }

    /// Types a line and TAB twice, waits until a word is offered, and drops the line.
    package func wait(for word: String, offeredAfter line: String) throws {
        terminal.type("\(tool) \(line)\t\t")
        try terminal.wait(for: word)
        terminal.type("\u{3}\u{15}")
    }
}
