import ArgumentParser
import CommandLineSupport
import SMTPKit

/// The amount of load, and its pace.
struct LoadOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The number of sessions at a time. (default: 1)", valueName: "number"),
        transform: Self.parseSessions)
    var sessions = 1

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The number of messages in total. (default: 1)", valueName: "number"),
        transform: WholeNumber.parsePositive)
    var messages: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Start messages for this long, in place of --messages, such as 30s or 5m.", valueName: "duration"),
        transform: TimeSpan.parse)
    var duration: Duration?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The number of messages after which a session ends with QUIT and a new one begins. (default: all)",
            valueName: "number"),
        transform: WholeNumber.parsePositive)
    var messagesPerSession: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Start messages on a schedule, such as 50/s or 90/m, whether or not the server keeps up. Latency counts from the "
                + "scheduled start. (default: as fast as the sessions allow)",
            valueName: "rate"),
        transform: MessageRate.parse)
    var rate: MessageRate?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The number of further sessions that are opened first and stay idle. (default: 0)", valueName: "number"),
        transform: Self.parseSessions)
    var idle = 0

    @Flag(help: "Allow more than 1,000 messages, or 50 sessions, to a public address.")
    var force = false

    private static func parseSessions(_ text: String) throws -> Int {
        guard let number = WholeNumber.parse(text), 1...100_000 ~= number else {
            throw ValueError("a number of sessions is from 1 to 100000")
        }
        return number
    }

    mutating func validate() throws {
        if messages != nil, duration != nil {
            throw ValidationError("--messages and --duration contradict each other; give one of them")
        }
        if let rate, let duration, rate.count(in: duration) > MessageRate.most {
            throw ValidationError("--rate for this --duration is more than \(MessageRate.most) messages")
        }
    }
}

/// A number of messages in a time.
struct MessageRate: Hashable, Sendable {
    /// The most messages of one run.
    static let most = 1_000_000_000

    /// The number of messages in a second.
    let perSecond: Double

    /// The time between two starts, in nanoseconds.
    var interval: Double { 1_000_000_000 / perSecond }

    /// Reads a rate: `50`, `50/s`, `0.5/s`, `90/m`.
    static func parse(_ text: String) throws -> MessageRate {
        let wanted = ValueError("a rate is a number of messages in a second or a minute, such as 50/s, 0.5/s or 90/m")
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let isPlain = parts[0].utf8.allSatisfy { 0x30...0x39 ~= $0 || $0 == 0x2E }
        guard isPlain, let number = Double(parts[0]), number > 0 else { throw wanted }
        let perSecond: Double
        switch parts.count == 2 ? parts[1] : "s" {
        case "s": perSecond = number
        case "m": perSecond = number / 60
        case _: throw wanted
        }
        guard 0.000_1...1_000_000 ~= perSecond else {
            throw ValueError("a rate is between 0.0001/s and 1000000/s")
        }
        return MessageRate(perSecond: perSecond)
    }

    /// The number of messages that start within a time: the first at its beginning, none at its end.
    func count(in time: Duration) -> Int {
        let count = (Double(time.microseconds) / 1_000_000 * perSecond).rounded(.up)
        return count < 1e15 ? Int(count) : Int.max
    }
}
