/// One row of the registry of enhanced status codes.
///
/// - SeeAlso: RFC 5248, which set the registry up; RFC 3463, section 3, for most of its rows.
public struct RegisteredCondition: Hashable, Sendable {
    /// The subject and the detail.
    public let condition: EnhancedStatus.Condition
    let name: String
    let basicCodeList: String
    let classBits: UInt8
    let alsoSeenBits: UInt8
    /// The source that says in which classes the condition is meaningful.
    public let classesBasis: String
    /// The meaning of the condition, in a sentence or two.
    public let meaning: String
    /// The advice.
    public let advice: String
    /// The documents and sections that define the condition.
    public let reference: String
    /// Whether the registry advises against new use.
    public let isDeprecated: Bool
    /// Further notes; empty when there are none.
    public let notes: String
    let transientAction: SenderAction
    let permanentAction: SenderAction
    let sysexit: Sysexit
    let successReply: UInt16
    let transientReply: UInt16
    let permanentReply: UInt16

    /// The text of the registry, such as `Bad destination mailbox address`.
    ///
    /// The one row without a text, X.6.10, is described in its place.
    public var title: String { name.isEmpty ? "Deprecated duplicate of X.6.8" : name }

    /// The classes in which the condition is meaningful by its specification.
    public var classes: [EnhancedStatus.Class] { Self.classes(in: classBits) }

    /// The classes that are met in practice against the specification.
    public var classesAlsoSeen: [EnhancedStatus.Class] { Self.classes(in: alsoSeenBits) }

    /// The basic codes that the registry gives for the condition; empty when it names none, or any.
    public var basicCodes: [ReplyCode] {
        basicCodeList.split(separator: ",").compactMap { UInt16($0).flatMap(ReplyCode.init(rawValue:)) }
    }

    /// Whether the registry's list of basic codes has room for a reply code.
    ///
    /// A condition without a list, or with the entry `any`, has room for every code; the entries `4xx` and
    /// `5xx` mean all codes of their class.
    public func admits(_ reply: ReplyCode) -> Bool {
        if basicCodeList == "-" || basicCodeList == "any" { return true }
        return basicCodeList.split(separator: ",").contains { entry in
            entry == reply.description || (entry == "4xx" && reply.severity == .transient)
                || (entry == "5xx" && reply.severity == .permanent)
        }
    }

    /// Returns the sender's action for the condition in a class.
    public func action(in class: EnhancedStatus.Class) -> SenderAction {
        switch `class` {
        case .success: .proceed
        case .transient: transientAction
        case .permanent: permanentAction
        }
    }

    /// The basic code that usually goes with the condition in a class, always of that class.
    public func usualReply(in class: EnhancedStatus.Class) -> ReplyCode {
        switch `class` {
        case .success: ReplyCode(successReply)
        case .transient: ReplyCode(transientReply)
        case .permanent: ReplyCode(permanentReply)
        }
    }

    /// Returns the exit status by which a delivery program reports the condition in a class.
    public func sysexit(in class: EnhancedStatus.Class) -> Sysexit {
        switch `class` {
        case .success: .ok
        case .transient: .temporaryFailure
        case .permanent: sysexit
        }
    }

    func isMeaningful(in class: EnhancedStatus.Class) -> Bool { classBits & Self.bit(`class`) != 0 }
    func isAlsoSeen(in class: EnhancedStatus.Class) -> Bool { alsoSeenBits & Self.bit(`class`) != 0 }

    private static func bit(_ class: EnhancedStatus.Class) -> UInt8 {
        switch `class` {
        case .success: 1
        case .transient: 2
        case .permanent: 4
        }
    }

    private static func classes(in bits: UInt8) -> [EnhancedStatus.Class] {
        EnhancedStatus.Class.allCases.filter { bits & bit($0) != 0 }
    }
}
