import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Options for accepted addresses and offered extensions.
struct PolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What becomes of a lone CR or LF: normalize makes a line end of it, allow keeps it, reject refuses the message.",
            discussion:
                "Only CRLF . CRLF ends a message, whatever is chosen. (default: normalize; reject with --strict)",
            valueName: "policy"),
        completion: .list(Choice.words(of: BareNewlinePolicy.self)), transform: Choice.parse)
    var bareNewline: BareNewlinePolicy?

    /// The policy that was chosen, or the usual one.
    var bareNewlines: BareNewlinePolicy { bareNewline ?? (strict ? .reject : .normalize) }

    @Option(
        help: ArgumentHelp("Do not offer these extensions, such as SIZE,PIPELINING.", valueName: "extension,…"),
        completion: .list(Choice.words(of: ServiceExtension.self)), transform: ExtensionList.parse)
    var hide: [Set<ServiceExtension>] = []

    @Option(
        help: ArgumentHelp(
            "Also offer these extensions: DELIVERBY, FUTURERELEASE, RRVS.",
            discussion: "What they ask for is written down with the message, and not done.", valueName: "extension,…"),
        completion: .list(ServiceExtension.promises.map(\.rawValue).sorted()), transform: ExtensionList.parsePromises)
    var offer: [Set<ServiceExtension>] = []

    @Flag(help: "Refuse what RFC 5321 does not allow: loose syntax, commands over 512 octets, lines over 1000.")
    var strict = false

    @Flag(name: .customLong("no-esmtp"), help: "Speak SMTP without extensions: EHLO is answered 500.")
    var noESMTP = false

    @Option(
        help: ArgumentHelp(
            "Accept recipients that match REGEX, and no others: 550 5.1.1; may be given several times.",
            discussion:
                "A regular expression, as Perl has them, for the address; (?i) in front ignores the case of letters.",
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

    @Flag(
        help: ArgumentHelp(
            "Refuse senders whose domain the DNS does not know as one that takes mail: 550 5.1.8.",
            discussion: "When the DNS does not answer: 451 4.4.3."))
    var resolveSender = false

    @Option(
        help: ArgumentHelp(
            "The name server to ask, an IP address with or without a port. (default: the system's)",
            valueName: "address[:port]"),
        transform: Self.parseNameServer)
    var resolver: NameServer?

    mutating func validate() throws {
        if resolver != nil, !resolveSender { throw ValidationError("--resolver needs --resolve-sender, which asks it") }
    }

    private static func parseNameServer(_ text: String) throws -> NameServer {
        if let server = NameServer(address: text) { return server }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let host = parts.dropLast().joined(separator: ":")
        let address = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard let last = parts.last, let port = WholeNumber.parse(last), 1...65_535 ~= port,
            let server = NameServer(address: address, port: UInt16(port))
        else {
            throw ValueError(
                "an IP address is wanted, with or without a port, such as 192.0.2.53, 127.0.0.1:5353 or [::1]:53")
        }
        return server
    }

    /// Has a server refuse the addresses that the options name.
    func apply(to server: inout SMTPServer) {
        let recipients = AddressPolicy(accepted: acceptRcpt, refused: rejectRcpt, refusal: .mailboxNotFound)
        if !recipients.isEmpty {
            server.hooks.onRecipient = { request in recipients.verdict(on: request.recipient.path.description) }
        }
        let refusal = Reply(550, .permanent(.deliveryNotAuthorized), "Sender refused")
        let senders = AddressPolicy(accepted: [], refused: rejectFrom, refusal: refusal)
        let domains = resolveSender ? SenderDomains(resolver: resolver.map { .nameServer($0) } ?? .system()) : nil
        guard !senders.isEmpty || domains != nil else { return }
        server.hooks.onSender = { request in
            let verdict = senders.verdict(on: request.path.description)
            guard verdict == .accept, let domains else { return verdict }
            return await domains.verdict(on: request.path)
        }
    }

    /// Everything that is to be hidden.
    var hidden: Set<ServiceExtension> { hide.reduce(into: []) { $0.formUnion($1) } }

    /// Everything that is to be offered beyond the usual.
    var offered: Set<ServiceExtension> { offer.reduce(into: []) { $0.formUnion($1) } }
}
