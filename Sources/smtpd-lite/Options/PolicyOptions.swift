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

    /// Everything that is to be hidden.
    var hidden: Set<ServiceExtension> { hide.reduce(into: []) { $0.formUnion($1) } }

    /// Everything that is to be offered beyond the usual.
    var offered: Set<ServiceExtension> { offer.reduce(into: []) { $0.formUnion($1) } }
}
