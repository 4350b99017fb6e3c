import SMTPCore

/// The forms that scripts call in loops, answered before the option parser is set up.
///
///     smtp-codes 5.7.1        smtp-codes -b 550        smtp-codes --is transient 4.2.2
///
/// Everything else, and everything wrong, is left to the option parser and its messages.
enum PlainForms {
    static func run(_ arguments: some Collection<String>) -> ExitStatus? {
        guard let first = arguments.first else { return nil }
        switch first {
        case "--is":
            guard let word = arguments.dropFirst().first, let claim = StatusRegistry.Claim(rawValue: word) else {
                return nil
            }
            guard let inputs = plain(arguments.dropFirst(2)) else { return nil }
            return LookUp.holds(claim, for: inputs, nil)
        case "-b", "--brief":
            return plain(arguments.dropFirst()).map { answer($0, .brief) }
        case _:
            return plain(arguments).map { answer($0, .full) }
        }
    }

    private static func answer(_ inputs: [String], _ format: LookUp.Format) -> ExitStatus {
        var output = Output()
        var lookUp = LookUp(format)
        return lookUp.run(Inquiry.joiningReplies(inputs), &output)
    }

    /// The arguments, if there are some and none is an option or standard input.
    private static func plain(_ arguments: some Collection<String>) -> [String]? {
        arguments.isEmpty || arguments.contains { $0.utf8.first == UInt8(ascii: "-") } ? nil : Array(arguments)
    }
}
