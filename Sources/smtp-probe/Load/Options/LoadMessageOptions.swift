import ArgumentParser
import CommandLineSupport
import SMTPKit

/// The messages of a load run, and how they are sent.
struct LoadMessageOptions: ParsableArguments {
    /// The smallest size of a generated message, in bytes: its header has to fit in.
    static let smallest = 512
    /// The largest size of a generated message, in bytes.
    static let largest = 1 << 40

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The size of generated messages, with their header, such as 512, 10K or 10M. (default: 2K)",
            valueName: "size"),
        transform: Self.parseSize)
    var size: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The message to send, as @FILE, or @- for standard input. Line ends become CRLF.", valueName: "message"),
        completion: .file(), transform: InputSource.parse)
    var data: InputSource?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The number of recipients of each message, which differ by the %n of --to. (default: 1)",
            valueName: "number"),
        transform: WholeNumber.parsePositive)
    var recipients = 1

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp(
            "The sender, or <>; %n is the number of the message. (default: load at this machine)",
            valueName: "address"),
        transform: AddressTemplate.parse)
    var from: AddressTemplate?

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp(
            "The recipient; %n is a number that no other recipient of the run has. (default: load at this machine)",
            valueName: "address"),
        transform: AddressTemplate.parse)
    var to: AddressTemplate?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The seed of the text of generated messages. (default: 1)", valueName: "number"),
        transform: Self.parseSeed)
    var seed: UInt64 = 1

    @Flag(help: "Send commands in groups, without waiting for each reply, if the server offers that.")
    var pipeline = false

    @Flag(help: "Send each message in one chunk, with BDAT in place of DATA. (CHUNKING)")
    var bdat = false

    @Flag(help: "Use LMTP: LHLO, and a reply for each recipient. (default: with lmtp://)")
    var lmtp = false

    @Flag(name: .customLong("insecure-auth"), help: "Send a password without TLS if the server asks for it.")
    var insecureAuth = false

    mutating func validate() throws {
        if size != nil, data != nil {
            throw ValidationError("--size and --data contradict each other; give one of them")
        }
        if recipients > 100_000 {
            throw ValidationError("--recipients \(recipients) is too many; a message takes up to 100000")
        }
        if let to, to.isNull {
            throw ValidationError("--to <> is no recipient; give an address, such as ann@example.org")
        }
        if recipients > 1, let to, !to.isNumbered {
            throw ValidationError(
                "--recipients \(recipients) needs different addresses: put %n into --to, such as user%n@example.org")
        }
    }

    private static func parseSize(_ text: String) throws -> Int {
        let size = try ByteCount.parse(text)
        guard smallest...largest ~= size else {
            throw ValueError(
                "a generated message has \(smallest) bytes to 1 TiB; for smaller ones give --data @FILE")
        }
        return size
    }

    private static func parseSeed(_ text: String) throws -> UInt64 {
        guard let number = WholeNumber.parse(text) else {
            throw ValueError("a seed is a whole number, such as 42")
        }
        return UInt64(number)
    }
}
