/// A service extension as data: its line in the capabilities, and the parameters that it adds to `MAIL` and `RCPT`.
///
/// The extensions of ``ServiceExtension`` are defined so, each in a file of its own. A program defines further ones
/// with a private keyword, which begins with `X`:
///
///     let tag = ExtensionDefinition(
///         "XTAG",
///         parameters: [.init("XTAG", of: .mail, maximumLength: 32) { $0?.isEmpty == false }])
///     server.configuration.added = [tag]
///
/// The parameters of a message are in ``Envelope/parameters``.
///
/// - SeeAlso: RFC 5321, sections 2.2 and 4.1.1.11.
public struct ExtensionDefinition: Sendable {
    /// The keyword in upper case.
    public let keyword: String
    /// The parameters that the extension adds.
    public let parameters: [Parameter]

    /// The line of the capabilities; `nil` where the extension is not listed.
    let capability: @Sendable (CapabilityContext) -> Capabilities.Entry?

    /// Defines an extension.
    ///
    /// The program stops if the keyword is not one to three hundred ASCII letters, digits and hyphens, of which the
    /// first is no hyphen, or if an argument is not of one or more printable ASCII characters.
    ///
    /// - Parameters:
    ///   - keyword: the first word of the line in the capabilities.
    ///   - arguments: the further words of that line.
    ///   - needsTLS: whether it is listed, and its parameters are known, inside TLS only.
    ///   - parameters: the parameters that it adds.
    public init(_ keyword: String, arguments: [String] = [], needsTLS: Bool = false, parameters: [Parameter] = []) {
        Self.requireKeyword(keyword)
        for argument in arguments {
            precondition(
                !argument.isEmpty && argument.utf8.allSatisfy { 0x21...0x7E ~= $0 },
                "\(argument.debugDescription) is not an argument of an extension; use printable ASCII without spaces")
        }
        let entry = Capabilities.Entry(keyword, arguments)
        self.keyword = entry.keyword
        self.parameters = parameters.map { needsTLS ? $0.insideTLS : $0 }
        capability = { needsTLS && $0.tls == nil ? nil : entry }
    }

    /// Defines an extension of the library.
    ///
    /// - Parameter capability: the line of the capabilities; `nil` for the keyword alone.
    init(
        _ offered: ServiceExtension, _ parameters: [Parameter] = [],
        capability: (@Sendable (CapabilityContext) -> Capabilities.Entry?)? = nil
    ) {
        keyword = offered.rawValue
        self.parameters = parameters
        self.capability = capability ?? { _ in Capabilities.Entry(offered.rawValue) }
    }

    static func requireKeyword(_ keyword: String) {
        precondition(
            keyword.utf8.count <= 300 && ASCII.isKeyword(keyword.utf8),
            "\(keyword.debugDescription) is not a keyword; use ASCII letters, digits and hyphens (RFC 5321, 4.1.1.1)")
    }
}

/// The facts that the line of an extension in the capabilities uses.
struct CapabilityContext {
    /// The limits for clients.
    let limits: Limits
    /// How the connection is secured; `nil` in clear.
    let tls: Peer.TLSProperties?
    /// The mechanisms that the client may use.
    let mechanisms: [SASLMechanism]
}

extension ServiceExtension {
    /// The definition of the extension.
    var definition: ExtensionDefinition {
        switch self {
        case .size: SizeExtension.definition
        case .eightBitMIME: BodyExtension.definition
        case .binaryMIME: BodyExtension.binaryDefinition
        case .smtpUTF8: SMTPUTF8Extension.definition
        case .dsn: DeliveryStatusExtension.definition
        case .transferPriority: TransferPriorityExtension.definition
        case .requireTLS: RequireTLSExtension.definition
        case .limits: LimitsExtension.definition
        case .deliverBy: DeliverBy.definition
        case .futureRelease: FutureRelease.definition
        case .recipientValidSince: RecipientValidSince.definition
        case .auth: AuthenticationExtension.definition
        case .startTLS:
            ExtensionDefinition(self) { $0.tls == nil ? Capabilities.Entry(ServiceExtension.startTLS.rawValue) : nil }
        // Added for those who are trusted.
        case .xclient: ExtensionDefinition(self) { _ in nil }
        case .pipelining, .chunking, .enhancedStatusCodes, .help, .vrfy, .expn: ExtensionDefinition(self)
        }
    }
}
