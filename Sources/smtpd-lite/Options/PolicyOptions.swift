import ArgumentParser
import CommandLineSupport
import SMTPKit

/// What is let pass, and what is offered.
struct PolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What becomes of a lone CR or LF: reject, normalize or allow. (default: reject)",
            discussion: "Only CRLF . CRLF ends a message, whatever is chosen.", valueName: "policy"),
        completion: .list(Choice.words(of: BareNewlinePolicy.self)), transform: Choice.parse)
    var bareNewline: BareNewlinePolicy = .reject

    @Option(
        help: ArgumentHelp("Do not offer these extensions, such as SIZE,PIPELINING.", valueName: "extension,…"),
        completion: .list(Choice.words(of: ServiceExtension.self)), transform: ExtensionList.parse)
    var hide: [Set<ServiceExtension>] = []

    @Flag(name: .customLong("no-esmtp"), help: "Speak SMTP without extensions: EHLO is answered 500.")
    var noESMTP = false

    @Option(
        help: ArgumentHelp(
            "Accept recipients that match REGEX, and no others: 550 5.1.1; may be given several times.",
            discussion: "An extended regular expression, as grep -E has it, for the address; (?i) in front is for "
                + "letters of either case.",
            valueName: "regex"),
        transform: { try Pattern($0) })
    var acceptRcpt: [Pattern] = []

    @Option(
        help: ArgumentHelp(
            "Refuse recipients that match REGEX, with 550 5.1.1 or with REPLY; may be given several times.",
            valueName: "regex[=reply]"),
        transform: AddressPolicy.Refusal.parse)
    var rejectRcpt: [AddressPolicy.Refusal] = []

    @Option(
        help: ArgumentHelp(
            "Refuse senders that match REGEX, with 550 5.7.1 or with REPLY; may be given several times.",
            discussion: "The sender of a bounce is empty: ^$ matches it.", valueName: "regex[=reply]"),
        transform: AddressPolicy.Refusal.parse)
    var rejectFrom: [AddressPolicy.Refusal] = []

    /// Has a server refuse the addresses that the options name.
    func apply(to server: inout SMTPServer) {
        let recipients = AddressPolicy(accepted: acceptRcpt, refused: rejectRcpt, refusal: .mailboxNotFound)
        if !recipients.isEmpty {
            server.hooks.onRecipient = { _, _, recipient in recipients.verdict(on: recipient.path.description) }
        }
        let refusal = Reply(550, .permanent(.deliveryNotAuthorized), "Sender refused")
        let senders = AddressPolicy(accepted: [], refused: rejectFrom, refusal: refusal)
        if !senders.isEmpty {
            server.hooks.onSender = { _, path, _ in senders.verdict(on: path.description) }
        }
    }

    /// Everything that is to be hidden.
    var hidden: Set<ServiceExtension> { hide.reduce(into: []) { $0.formUnion($1) } }
}
