import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Options for the sender, the recipients, and the parameters of the transaction.
struct EnvelopeOptions: ParsableArguments {
    /// When the sender is told (RFC 3461, section 4.1).
    struct Notification: Hashable, Sendable {
        let keywords: String

        static func parse(_ text: String) throws -> Notification {
            let words = text.uppercased().split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let isKnown = words.allSatisfy { ["NEVER", "SUCCESS", "FAILURE", "DELAY"].contains($0) }
            guard isKnown, Set(words).count == words.count, words == ["NEVER"] || !words.contains("NEVER") else {
                throw ValueError("never is wanted, or a list of success, failure and delay")
            }
            return Notification(keywords: words.joined(separator: ","))
        }
    }

    /// How much of the message comes back (RFC 3461, section 4.3).
    enum Return: String, CaseIterable { case full, hdrs }

    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp(
            "The sender: ann@example.org, 'Ann <ann@example.org>', or <> for the null sender. (default: you at this "
                + "machine)", valueName: "address"),
        transform: InputSource.parse)
    var from: InputSource?

    @Option(
        name: .shortAndLong, parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A recipient, or several with commas between them; may be given several times. @FILE has one on each line.",
            valueName: "address"),
        transform: InputSource.parse)
    var to: [InputSource] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A recipient who stands in Cc; as --to.", valueName: "address"),
        transform: InputSource.parse)
    var cc: [InputSource] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A recipient who stands nowhere in the message; as --to.", valueName: "address"),
        transform: InputSource.parse)
    var bcc: [InputSource] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Ask for reports: never, or a list of success, failure and delay. (DSN)", valueName: "when"),
        completion: .list(["never", "success", "failure", "delay"]), transform: Notification.parse)
    var notify: Notification?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Ask for the full message or its header (hdrs) in reports. (DSN)", valueName: "what"),
        completion: .list(Choice.words(of: Return.self)), transform: Choice.parse)
    var ret: Return?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("An identifier that reports repeat. (DSN)", valueName: "text"), transform: WireText.parse)
    var envid: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "The original recipient, of the --to in the same place. (DSN)", valueName: "address"),
        transform: WireText.parse)
    var orcpt: [String] = []

    @Option(
        name: .customLong("mt-priority"), parsing: .unconditional,
        help: ArgumentHelp("The priority, -9 to 9. (MT-PRIORITY)", valueName: "number"),
        transform: Self.parsePriority)
    var priority: Int?

    @Flag(help: "Ask for a way that takes UTF-8 in addresses and header; addresses that need it do so themselves.")
    var smtputf8 = false

    @Flag(help: "Ask that the message be passed on with TLS or not at all. (REQUIRETLS)")
    var requiretls = false

    private static func parsePriority(_ text: String) throws -> Int {
        guard let number = Int(text), -9...9 ~= number else {
            throw ValueError("a whole number from -9 to 9 is wanted")
        }
        return number
    }
}

extension EnvelopeOptions {
    /// The domain of the first recipient that the command line has.
    var recipientDomain: String? {
        for case .literal(let text) in to + cc + bcc {
            guard case .mailbox(let mailbox)? = try? HeaderAddress.parseList(text).first?.path else { continue }
            if case .name(let domain) = mailbox.domain, !domain.isEmpty { return domain }
        }
        return nil
    }

    /// The envelope's parameters of `MAIL`, but those that depend on the content.
    var mailParameters: [ESMTPParameter] {
        var parameters: [ESMTPParameter] = []
        if let ret { parameters.append(ESMTPParameter("RET", ret.rawValue.uppercased())) }
        if let envid { parameters.append(ESMTPParameter("ENVID", XText.encode(envid))) }
        if let priority { parameters.append(ESMTPParameter("MT-PRIORITY", "\(priority)")) }
        if smtputf8 { parameters.append(ESMTPParameter("SMTPUTF8")) }
        if requiretls { parameters.append(ESMTPParameter("REQUIRETLS")) }
        return parameters
    }

    /// The parameters of the `RCPT` with this number.
    func recipientParameters(_ index: Int) -> [ESMTPParameter] {
        var parameters: [ESMTPParameter] = []
        if let notify { parameters.append(ESMTPParameter("NOTIFY", notify.keywords)) }
        if index < orcpt.count {
            // RFC 3461, section 4.2: the type of the address, and the address in xtext.
            let parts = orcpt[index].split(separator: ";", maxSplits: 1).map(String.init)
            let (type, address) = parts.count == 2 ? (parts[0], parts[1]) : ("rfc822", orcpt[index])
            parameters.append(ESMTPParameter("ORCPT", "\(type);\(XText.encode(address))"))
        }
        return parameters
    }
}
