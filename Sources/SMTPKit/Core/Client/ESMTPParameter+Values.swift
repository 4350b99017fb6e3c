/// Parameters as a client writes them, each in the encoding of its RFC.
extension ESMTPParameter {
    // MARK: Of MAIL

    /// The size of the content in bytes (RFC 1870, section 6.1).
    public static func size(_ octets: UInt64) -> ESMTPParameter { ESMTPParameter("SIZE", "\(octets)") }

    /// The type of the content: 7-bit lines, 8-bit lines, or any bytes (RFC 6152; RFC 3030).
    public static func body(_ type: BodyType) -> ESMTPParameter { ESMTPParameter("BODY", type.rawValue) }

    /// Addresses or header fields beyond ASCII (RFC 6531, section 3.4).
    public static var internationalized: ESMTPParameter { ESMTPParameter("SMTPUTF8") }

    /// The original submitter of the message; `nil` when that is not known (RFC 4954, section 5).
    public static func submitter(_ mailbox: Mailbox?) -> ESMTPParameter {
        ESMTPParameter("AUTH", mailbox.map { XText.encode($0.description) } ?? "<>")
    }

    /// How much of the message is to come back when it fails (RFC 3461, section 4.3).
    public static func returned(_ content: ReturnedContent) -> ESMTPParameter {
        ESMTPParameter("RET", content.rawValue)
    }

    /// The name by which the sender knows the envelope: up to 100 octets when written (RFC 3461, section 4.4).
    public static func envelopeIdentifier(_ text: String) -> ESMTPParameter {
        ESMTPParameter("ENVID", XText.encode(text))
    }

    /// How urgent the message is, -9 to 9 (RFC 6710).
    public static func priority(_ priority: Int) -> ESMTPParameter { ESMTPParameter("MT-PRIORITY", "\(priority)") }

    /// TLS is required all the way (RFC 8689).
    public static var requireTLS: ESMTPParameter { ESMTPParameter("REQUIRETLS") }

    /// The time by which the message is worth delivering, in seconds, and what is to be done then (RFC 2852, section
    /// 4).
    public static func deliverBy(_ seconds: Int, _ mode: DeliverBy.Mode, isTraced: Bool = false) -> ESMTPParameter {
        ESMTPParameter("BY", "\(seconds);\(mode.rawValue)\(isTraced ? "T" : "")")
    }

    /// For how many seconds the message is to be held (RFC 4865, section 4).
    public static func hold(seconds: Int) -> ESMTPParameter { ESMTPParameter("HOLDFOR", "\(seconds)") }

    // MARK: Of RCPT

    /// The events for which the sender wants a notification about the recipient (RFC 3461, section 4.1).
    public static func notify(_ conditions: NotifyConditions) -> ESMTPParameter {
        let words: [(NotifyConditions, String)] = [(.success, "SUCCESS"), (.failure, "FAILURE"), (.delay, "DELAY")]
        let chosen = words.filter { conditions.contains($0.0) }.map(\.1)
        return ESMTPParameter("NOTIFY", chosen.isEmpty ? "NEVER" : chosen.joined(separator: ","))
    }

    /// The address that the message was first sent to, of the type `rfc822` (RFC 3461, section 4.2).
    public static func originalRecipient(_ address: String) -> ESMTPParameter {
        ESMTPParameter("ORCPT", "rfc822;\(XText.encode(address))")
    }
}
