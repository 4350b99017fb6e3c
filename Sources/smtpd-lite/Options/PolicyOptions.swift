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

    /// Everything that is to be hidden.
    var hidden: Set<ServiceExtension> { hide.reduce(into: []) { $0.formUnion($1) } }
}
