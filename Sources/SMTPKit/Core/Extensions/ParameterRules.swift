/// Which parameters `MAIL` and `RCPT` may carry, and with which values.
///
/// A parameter of an extension that is not offered is as unknown as any other
/// (RFC 5321, section 4.1.1.11).
struct ParameterRules {
    private let mail: [ExtensionDefinition.Parameter]
    private let rcpt: [ExtensionDefinition.Parameter]
    private let messageSize: Int?
    private let takesBinary: Bool

    /// - Parameters:
    ///   - offered: the library's extensions on offer.
    ///   - added: the application's own, whose parameters come after those of the library.
    init(offered: Set<ServiceExtension>, limits: Limits, added: [ExtensionDefinition] = []) {
        let definitions = ServiceExtension.allCases.filter(offered.contains).map(\.definition) + added
        mail = definitions.flatMap { $0.parameters.filter { $0.command == .mail } }
        rcpt = definitions.flatMap { $0.parameters.filter { $0.command == .rcpt } }
        messageSize = limits.messageSize
        takesBinary = offered.contains(.binaryMIME)
    }

    /// The refusal of the parameters of `MAIL`, or `nil`.
    ///
    /// - Parameters:
    ///   - isSecured: whether they came inside TLS.
    ///   - time: when they came, if that is known.
    func refusal(ofMail parameters: [ESMTPParameter], isSecured: Bool, at time: Timestamp?) -> Reply? {
        refusal(
            of: parameters, known: mail,
            ParameterContext(
                parameters: parameters, isSecured: isSecured, isInternationalized: false, time: time,
                messageSize: messageSize, takesBinary: takesBinary))
    }

    /// The refusal of the parameters of `RCPT`, or `nil`.
    ///
    /// - Parameters:
    ///   - isSecured: whether they came inside TLS.
    ///   - isInternationalized: whether `MAIL` had `SMTPUTF8`.
    func refusal(ofRcpt parameters: [ESMTPParameter], isSecured: Bool = false, isInternationalized: Bool) -> Reply? {
        refusal(
            of: parameters, known: rcpt,
            ParameterContext(
                parameters: parameters, isSecured: isSecured, isInternationalized: isInternationalized, time: nil,
                messageSize: messageSize, takesBinary: takesBinary))
    }

    private func refusal(
        of parameters: [ESMTPParameter], known: [ExtensionDefinition.Parameter], _ context: ParameterContext
    ) -> Reply? {
        for parameter in parameters {
            guard let rule = known.first(where: { $0.keyword == parameter.keyword }) else { return .unknownParameter }
            if let refusal = rule.refusal(parameter, context) { return refusal }
        }
        return nil
    }
}
