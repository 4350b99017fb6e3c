/// A completion script for one shell, with the options of a tool and of its subcommands.
package enum CompletionScript: String, CaseIterable, Sendable {
    case bash, zsh, fish

    /// Reads `--generate-completion-script SHELL`.
    package init?(arguments: [String]) {
        guard arguments.count == 2, arguments[0] == "--generate-completion-script",
            let shell = Self(rawValue: arguments[1])
        else { return nil }
        self = shell
    }

    /// The script.
    package func text(_ table: OptionTable) -> String {
        switch self {
        case .bash: BashCompletion(table).text
        case .zsh: ZshCompletion(table).text
        case .fish: FishCompletion(table).text
        }
    }
}

extension OptionTable {
    /// The name as a part of the name of a shell function.
    fileprivate var identifier: String { name.replacing("-", with: "_") }
}

private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

// MARK: bash

private struct BashCompletion {
    let table: OptionTable

    init(_ table: OptionTable) { self.table = table }

    private var names: [String] { table.subcommands.map(\.name) }
    private var function: String { "_\(table.identifier)" }

    var text: String {
        let dispatch = names.map { name in
            "        \(name)) (( COMP_CWORD > 1 )) && { \(function)_\(name.replacing("-", with: "_")); return; } ;;\n"
        }.joined()
        return """
            # bash completion for \(table.name). Generated: \(table.name) --generate-completion-script bash

            \(table.subcommands.map { options(of: $0, "\(function)_\($0.identifier)") }.joined())\(options(of: table, "\(function)_options"))\(function)() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
                COMPREPLY=()
                # bash takes `--option=value` for three words, and `@file` for two.
                if [[ $cur == = ]]; then cur=
                elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}
                elif [[ $prev == @ ]]; then compopt -o filenames; COMPREPLY=($(compgen -f -- "$cur")); return
                fi
                case ${COMP_WORDS[1]} in
            \(dispatch)        help) (( COMP_CWORD == 2 )) && { COMPREPLY=($(compgen -W \(quoted(names.joined(separator: " "))) -- "$cur")); return; } ;;
                esac
                if [[ $cur != -* ]] && (( COMP_CWORD == 1 )); then
                    COMPREPLY=($(compgen -W \(quoted((names + ["help"]).joined(separator: " "))) -- "$cur"))
                    return
                fi
                \(function)_options
            }

            complete -F \(function) \(table.name)

            """
    }

    private func options(of command: OptionTable, _ function: String) -> String {
        let values = command.options.filter { $0.valueName != nil }.map { option in
            let reply =
                option.takesFile
                ? "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); return"
                : option.values.isEmpty
                    ? "return"
                    : "COMPREPLY=($(compgen -W \(quoted(option.values.joined(separator: " "))) -- \"$cur\")); return"
            return "        \(option.names.joined(separator: "|"))) \(reply) ;;\n"
        }.joined()
        let all = command.options.flatMap(\.names).joined(separator: " ")
        return """
            \(function)() {
                case $prev in
            \(values)    esac
                [[ $cur == -* ]] && COMPREPLY=($(compgen -W \(quoted(all)) -- "$cur"))
            }


            """
    }
}

// MARK: zsh

private struct ZshCompletion {
    let table: OptionTable

    init(_ table: OptionTable) { self.table = table }

    var text: String {
        let commands = table.subcommands.map { "        \(quoted("\($0.name):\(escaped($0.summary))"))\n" }.joined()
        let cases = table.subcommands.map { command in
            """
                    \(command.name))
                        shift words
                        (( CURRENT-- ))
                        _arguments -s -S \\
            \(options(of: command))                '*: :_hosts'
                        return
                        ;;

            """
        }.joined()
        return """
            #compdef \(table.name)
            # zsh completion for \(table.name). Generated: \(table.name) --generate-completion-script zsh

            _\(table.name)() {
                local -a commands
                commands=(
            \(commands)        'help:Explain a command'
                )
                if (( CURRENT > 2 )); then
                    case $words[2] in
            \(cases)        help)
                        _describe -t commands command commands
                        return
                        ;;
                    esac
                elif [[ $PREFIX != -* ]]; then
                    _describe -t commands command commands
                    _hosts
                    return
                fi
                _arguments -s -S \\
            \(options(of: table))        '*: :_hosts'
            }

            if [ "$funcstack[1]" = "_\(table.name)" ]; then _\(table.name) "$@"; else compdef _\(table.name) \(table.name); fi

            """
    }

    private func options(of command: OptionTable) -> String {
        command.options.flatMap { option in
            let others =
                option.isRepeating ? "*" : option.names.count > 1 ? "(\(option.names.joined(separator: " ")))" : ""
            let value = option.valueName.map { name in
                let action =
                    option.takesFile
                    ? "_files" : option.values.isEmpty ? " " : "(\(option.values.joined(separator: " ")))"
                return ":\(escaped(name)):\(action)"
            }
            return option.names.map { name in
                let mark = value != nil && name.hasPrefix("--") ? "=" : ""
                return
                    "                \(quoted("\(others)\(name)\(mark)[\(escaped(option.summary))]\(value ?? "")")) \\\n"
            }
        }.joined()
    }

    private func escaped(_ text: String) -> String {
        String(text.flatMap { "[]\\:".contains($0) ? ["\\", $0] : [$0] })
    }
}

// MARK: fish

private struct FishCompletion {
    let table: OptionTable

    init(_ table: OptionTable) { self.table = table }

    private var function: String { "__\(table.identifier)_command" }

    var text: String {
        let names = table.subcommands.map(\.name)
        let topics = table.subcommands.map { command in
            """
            complete -c \(table.name) -n '\(function) first' -a \(command.name) -d \(quoted(command.summary))
            complete -c \(table.name) -n '\(function) help' -a \(command.name) -d \(quoted(command.summary))

            """
        }.joined()
        return """
            # fish completion for \(table.name). Generated: \(table.name) --generate-completion-script fish

            # Whether the command line is of this subcommand; `none` for that of the tool itself, `first` at its first word.
            function \(function)
                set -l words (commandline -opc)
                switch $argv[1]
                    case first
                        test (count $words) -eq 1
                    case none
                        not contains -- "$words[2]" \((names + ["help"]).joined(separator: " "))
                    case '*'
                        test "$words[2]" = $argv[1]
                end
            end

            complete -c \(table.name) -f
            \(topics)complete -c \(table.name) -n '\(function) first' -a help -d 'Explain a command'
            \(options(of: table, "none"))\(table.subcommands.map { options(of: $0, $0.name) }.joined())
            """
    }

    private func options(of command: OptionTable, _ condition: String) -> String {
        command.options.map { option in
            let names = option.names.map { name in
                name.hasPrefix("--")
                    ? "-l \(name.dropFirst(2))" : name.count == 2 ? "-s \(name.dropFirst())" : "-o \(name.dropFirst())"
            }.joined(separator: " ")
            let value =
                option.valueName == nil
                ? ""
                : option.takesFile
                    ? " -r -F"
                    : option.values.isEmpty ? " -x" : " -x -a \(quoted(option.values.joined(separator: " ")))"
            return
                "complete -c \(table.name) -n '\(function) \(condition)' \(names)\(value) -d \(quoted(option.summary))\n"
        }.joined()
    }
}
