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

    /// How much longer `MAIL` may be.
    static let mailGrowth = 34
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
    static func refusal(of parameter: ESMTPParameter, among parameters: [ESMTPParameter]) -> Reply? {
        guard let value = parameter.value else { return .invalidParameter }
        guard parameter.keyword == "HOLDFOR" else {
            // Section 4.2, item 9: one of the two.
            let isAlone = !parameters.contains { $0.keyword == "HOLDFOR" }
            return isAlone && FutureRelease(moment: value) != nil ? nil : .invalidParameter
        }
        guard case .after(let seconds) = FutureRelease(interval: value) else { return .invalidParameter }
        // Section 5.2.2: a message cannot be due before it goes out.
        let by = parameters.first { $0.keyword == "BY" }?.value.flatMap(DeliverBy.init(parameter:))
        return seconds > by?.seconds ?? .max ? .invalidParameter : nil
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
