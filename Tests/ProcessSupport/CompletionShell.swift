import Foundation

/// An interactive shell on a terminal that has the completions of a tool, for pressing TAB.
package final class CompletionShell: Sendable {
    /// The shells that the tools have completions for.
    package enum Kind: String, CaseIterable, Sendable {
        case bash, zsh, fish
    }

    private let terminal: Terminal
    private let folder: TemporaryFolder

    /// Starts a shell in an empty folder, with the built tools on its PATH and the committed completions of one.
    package init(_ kind: Kind, tool: String) throws {
        folder = try TemporaryFolder()
        let script = "\(BuiltTool.project)/completions/\(tool).\(kind.rawValue)"
        let words: [String]
        switch kind {
        case .bash:
            let setup = """
                PS1='ready> '
                bind 'set show-all-if-ambiguous on' 'set completion-query-items 0' 'set page-completions off'
                bind 'set bell-style none' 'set enable-bracketed-paste off'
                tell() { printf '\\nLINE<%s>\\n' "$READLINE_LINE"; READLINE_LINE=; READLINE_POINT=0; }
                bind -x '"\\C-g": tell'
                source '\(script)'
                """
            words = ["bash", "--noprofile", "--rcfile", try folder.write(setup.utf8, to: ".bashrc"), "-i"]
        case .zsh:
            let setup = """
                PS1='ready> '; unset zle_bracketed_paste; LISTMAX=10000; ZLE_REMOVE_SUFFIX_CHARS=
                unsetopt automenu beep promptsp listambiguous
                autoload -Uz compinit; compinit -u -D
                tell() { print -r -- $'\\n'"LINE<$BUFFER>"; BUFFER=; zle reset-prompt }
                zle -N tell; bindkey '^G' tell; bindkey '^I' complete-word
                source '\(script)'
                """
            _ = try folder.write(setup.utf8, to: ".zshrc")
            words = ["zsh", "-d", "-i"]
        case .fish:
            let setup = """
                function fish_prompt; echo 'ready> '; end
                function fish_greeting; end
                set -g fish_autosuggestion_enabled 0
                function tell; printf '\\nLINE<%s>\\n' (commandline | string collect); commandline ''; end
                bind \\cg tell
                source '\(script)'
                """
            words = [
                "fish", "--no-config", "--init-command", "source \(try folder.write(setup.utf8, to: "setup.fish"))",
                "-i",
            ]
        }
        let path = try DeclaredPrograms.path
        let places = ["HOME": folder.path, "ZDOTDIR": folder.path, "XDG_CONFIG_HOME": folder.path]
        terminal = try Terminal(
            ["env", "-C", folder.path] + words,
            environment: places.merging(["PATH": "\(BuiltTool.tools):\(path)", "LC_ALL": "C.UTF-8"]) { $1 })
        try terminal.wait(for: "ready> ")
    }

    /// Makes a file, whose name can be completed.
    package func makeFile(_ name: String) throws { _ = try folder.write([], to: name) }

    /// Makes a folder, whose name can be completed.
    package func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
    }

    /// Types a line and presses TAB.
    ///
    /// - Returns: the line as it is then, and what was shown meanwhile, without control sequences.
    package func complete(_ line: String) throws -> (line: String, shown: String) {
        terminal.type("\(line)\t\u{7}")
        let shown = try terminal.wait(for: "LINE<")
        let rest = try terminal.wait(for: ">")
        return (String(rest.dropLast()), Self.plain(String(shown.dropLast(5))))
    }

    private static func plain(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\u{1B}" else {
                plain.append(scalar)
                continue
            }
            guard rest.popFirst() == "[" else { continue }
            while let next = rest.popFirst(), !("@"..."~" ~= next) {}
        }
        return String(plain)
    }
}
