import ArgumentParser

@main
enum SMTPCodes {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        if let request = PlainForms.read(arguments) { request.answer().end() }
        if let script = CompletionScript(arguments: arguments) {
            var output = Output()
            output.write(script.text)
            output.flush()
            ExitStatus.success.end()
        }
        parse(Array(arguments)).end()
    }

    private static func parse(_ arguments: [String]) -> ExitStatus {
        do {
            return try Options.parse(markingBareOnly(arguments)).request.answer()
        } catch {
            let message = Options.fullMessage(for: error)
            if Options.exitCode(for: error) == .success {
                var output = Output()
                output.write(message + "\n")
                output.flush()
                return .success
            }
            Output.complain(message)
            return .unusable
        }
    }

    /// Gives a bare `--only` the value that stands for any class, since its class may be left out.
    private static func markingBareOnly(_ arguments: [String]) -> [String] {
        var marked: [String] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            let next = index + 1 < arguments.count ? arguments[index + 1] : nil
            marked.append(argument)
            // Without a class word, the next argument is not the option's.
            if argument == "--only", next.flatMap(CodeClass.init(argument:)) == nil {
                if let next, !next.hasPrefix("-") {
                    // Left to the parser, which names the wrong class.
                } else {
                    marked.append("any")
                }
            }
            index += 1
        }
        return marked
    }
}
