import ArgumentParser
import SMTPCore
import ToolSupport

@main
enum SMTPCodes {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        if let request = PlainForms.read(arguments) { request.answer().end() }
        // Help may follow anything else on the command line.
        let own = arguments.prefix { $0 != "--" }
        if let mode = own.contains("--help-all") ? Request.Mode.helpAll : own.contains("--help") ? .help : nil {
            var request = Request()
            request.mode = mode
            request.answer().end()
        }
        if let script = CompletionScript(arguments: arguments) {
            var output = Output()
            output.write(script.text)
            output.flush()
            ExitStatus.success.end()
        }
        if let code = arguments.prefix(while: { $0 != "--" }).first(where: isNegative) {
            Output.complain(CodeQuery.Problem.malformed.message(for: code))
            ExitStatus.unusable.end()
        }
        parse(Array(arguments)).end()
    }

    /// `-5.1.1` is neither an option nor a code; the parser would only miss an input.
    private static func isNegative(_ argument: String) -> Bool {
        let bytes = argument.utf8
        return bytes.first == UInt8(ascii: "-") && bytes.dropFirst().first.map { 0x30...0x39 ~= $0 } ?? false
    }

    private static func parse(_ arguments: [String]) -> ExitStatus {
        do {
            return try Options.parse(markingBareOnly(arguments)).request.answer()
        } catch {
            if Options.exitCode(for: error) != .success, let name = OptionTable.unknown(in: arguments) {
                let near =
                    Spelling.nearest(to: name, among: OptionTable.all.map { "--\($0.name)" })
                    .map { "; did you mean \($0)?" } ?? ""
                Output.complain("there is no option \(CodeText.shown(name))\(near) (see smtp-codes --help)")
                return .unusable
            }
            let message = Options.fullMessage(for: error)
            if Options.exitCode(for: error) == .success {
                var output = Output()
                output.write(message + "\n")
                output.flush()
                return .success
            }
            // The parser adds its usage in several lines; one line and the way to the summary say as much.
            let lines = message.split(separator: "\n").prefix { !$0.hasPrefix("Usage:") && !$0.hasPrefix("Help:") }
            var text = lines.map { $0.drop { $0 == " " } }.joined(separator: " ")
            if text.last == "." { text.removeLast() }
            Output.complain("\(text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text) (see smtp-codes --help)")
            return .unusable
        }
    }

    /// Gives a bare `--only` the value that means any class, since its class may be left out.
    private static func markingBareOnly(_ arguments: [String]) -> [String] {
        var marked: [String] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            let next = index + 1 < arguments.count ? arguments[index + 1] : nil
            marked.append(argument)
            // Without a class word, the next argument is not the option's.
            if argument == "--only", next.flatMap({ LineFilter($0) }) == nil {
                marked.append("any")
            }
            index += 1
        }
        return marked
    }
}
