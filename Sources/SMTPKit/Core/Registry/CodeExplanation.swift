/// Everything that is known about a code.
///
/// Made by ``StatusRegistry/explain(_:in:from:)``; a well-formed code always has one. When the code is not
/// registered the explanation falls back on its subject, then on its class, and ``match`` says so.
public struct CodeExplanation: Hashable, Sendable {
    /// How much of the code was known.
    public enum Match: String, Hashable, Sendable {
        /// The code itself.
        case registered
        /// Only the subject: the detail is not registered.
        case subject
        /// Only the class: the subject is unknown, or the basic code is.
        case `class`
    }

    /// The query.
    public let query: CodeQuery
    /// The code as it is written, `5.7.1`.
    public let code: String
    /// The basic code, if one was given.
    public let reply: ReplyCode?
    /// The enhanced code, if one was given.
    public let status: EnhancedStatus?
    /// The meaning of the first digit; `nil` when no class was given and more than one is possible.
    public let severity: ReplyCode.Severity?
    /// How much of the code was known.
    public let match: Match
    /// The name of the code, or of its subject or class.
    public let name: String
    /// The meaning of the code.
    public let meaning: String
    /// The action, as the reason or the provider's meaning demands it; `nil` when that depends on a class that was
    /// not given.
    public let action: SenderAction?
    /// The advice, in a sentence.
    public let advice: String
    /// The reason; `nil` for a pattern of codes.
    public let reason: Reason?
    /// The provider that the text names or that was asked for, even when none of its meanings fits.
    public let provider: Provider?
    /// The provider's meaning that decides, if one does.
    public let decidingMeaning: ProviderMeaning?
    /// Whether words of the text, not the code, tell the reason.
    public let isReasonFromText: Bool
    /// The basic codes that go with an enhanced code, as the registry lists them: numbers, `any`, `4xx`, `5xx`.
    public let basicCodes: [String]
    /// The documents and sections.
    public let reference: String
    /// Further notes; empty when there are none.
    public let notes: String
    /// Whether the registry advises against the code.
    public let isDeprecated: Bool
    /// The oddities of the code.
    public let warnings: [CodeWarning]
    /// The meanings that providers give it; empty when none was asked for or recognised.
    public let providerMeanings: [ProviderMeaning]
    /// The meanings of an unregistered code at the providers that use it; empty when it is registered.
    public let users: [ProviderMeaning]
    /// The exit status by which a delivery program reports it.
    public let sysexit: Sysexit?

    /// One word for the class: `permanent`, or `transient/permanent` when it was not given.
    public let classKeyword: String

    /// The answer in one line, complete in itself: `5.7.1  permanent  Delivery not authorized, message refused`.
    public var summary: String { "\(code)  \(classKeyword)  \(title)" }

    /// The title of the answer: the provider's meaning if one decides, the reason if the text tells it, and otherwise
    /// the name of the code.
    public var title: String {
        if let decidingMeaning {
            let text = decidingMeaning.meaning
            return "\(decidingMeaning.provider.name): \(text.hasSuffix(".") ? String(text.dropLast()) : text)"
        }
        if isReasonFromText, let reason { return reason.title }
        return registeredTitle
    }

    /// The name of the code, followed by a remark when the code is not registered.
    public var registeredTitle: String {
        switch match {
        case .registered: name
        case .subject: "\(name) (unregistered detail)"
        case .class: status == nil && reply != nil ? "\(name) (unknown code)" : "\(name) (unknown subject)"
        }
    }
}
