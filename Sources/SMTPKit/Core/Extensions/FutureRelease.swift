/// A time before which a message is not to go out.
///
///     S: 250-FUTURERELEASE 999999999 9999-12-31T23:59:59Z
///     C: MAIL FROM:<a@example.org> HOLDFOR=3600
///
/// The session takes every time that can be written; how long messages are really held is the application's to decide,
/// at the sender.
///
/// - SeeAlso: RFC 4865.
public enum FutureRelease: Hashable, Sendable {
    /// For this many seconds from `MAIL` on, 1 to 999,999,999.
    case after(seconds: Int)
    /// Until this moment.
    case at(Timestamp)

    /// The extension as data. `MAIL` may be 34 bytes longer, whichever of the two parameters it carries.
    static let definition = ExtensionDefinition(
        .futureRelease,
        [
            .init("HOLDFOR", .mail, growth: 34) { refusal(of: $0, among: $1.parameters, at: $1.time) },
            .init("HOLDUNTIL", .mail) { refusal(of: $0, among: $1.parameters, at: $1.time) },
        ]
    ) { _ in capability }
    /// The line of the capabilities: the longest interval and the latest moment.
    static let capability = Capabilities.Entry("FUTURERELEASE", ["999999999", "9999-12-31T23:59:59Z"])

    /// Reads the value of `HOLDFOR`.
    init?(interval: String) {
        guard 1...9 ~= interval.utf8.count, interval.utf8.allSatisfy(ASCII.isDigit), !interval.hasPrefix("0"),
            let seconds = Int(interval)
        else { return nil }
        self = .after(seconds: seconds)
    }

    /// Reads the value of `HOLDUNTIL`, which is in UTC.
    init?(moment: String) {
        guard moment.hasSuffix("Z"), let timestamp = Timestamp(internetDateTime: moment) else { return nil }
        self = .at(timestamp)
    }

    /// The refusal of `HOLDFOR=value` or `HOLDUNTIL=value` among the parameters of `MAIL`, or `nil`.
    static func refusal(
        of parameter: ESMTPParameter, among parameters: [ESMTPParameter], at time: Timestamp?
    ) -> Reply? {
        let isInterval = parameter.keyword == "HOLDFOR"
        // Section 4.2, item 9: one of the two.
        guard isInterval || !parameters.contains(where: { $0.keyword == "HOLDFOR" }), let value = parameter.value,
            let release = isInterval ? FutureRelease(interval: value) : FutureRelease(moment: value)
        else { return .invalidParameter }
        // Section 5.2.2: a message cannot be due before it goes out.
        let by = parameters.first { $0.keyword == "BY" }?.value.flatMap(DeliverBy.init(parameter:))
        guard let by, let delay = release.delay(from: time) else { return nil }
        return delay > by.seconds ? .invalidParameter : nil
    }

    /// For how many seconds a message is held that comes now; `nil` for a moment where the time is not known.
    private func delay(from time: Timestamp?) -> Int? {
        switch self {
        case .after(let seconds): seconds
        case .at(let moment): time.map { Int(moment.seconds - $0.seconds) }
        }
    }
}

extension Envelope {
    /// The time before which the message is not to go out; `nil` when the client did not say.
    ///
    /// - SeeAlso: RFC 4865, section 4.
    public var futureRelease: FutureRelease? {
        value(of: "HOLDFOR").flatMap(FutureRelease.init(interval:))
            ?? value(of: "HOLDUNTIL").flatMap(FutureRelease.init(moment:))
    }
}
