/// A mail provider or program whose own use of codes is known.
public struct Provider: Hashable, Sendable {
    /// A short word to ask for the provider by, such as `gmail`.
    public let id: String
    /// The provider's name.
    public let name: String
    let aliasList: String
    let markList: String
    /// Whether the bare code is evidence enough once the provider was recognised in a line.
    let matchesByCode: Bool

    /// Other words for the provider.
    public var aliases: [String] { aliasList.split(separator: ",").map(String.init) }

    /// The pieces of host names and texts by which the provider is recognised in a line, in lower case.
    public var marks: [String] { markList.split(separator: ",").map(String.init) }
}

/// What one provider means by a code, a tag or a phrase.
///
///     S: 421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred
///                   ^^^^^ the tag    the phrase ^^^^^^^^^^^^^^^^^^^^
public struct ProviderMeaning: Hashable, Sendable {
    /// How the provider's use compares with the registry.
    public enum Agreement: String, Hashable, Sendable {
        /// The provider uses the code as the registry means it.
        case agrees
        /// The code is registered with another meaning.
        case differs
        /// The code is not registered.
        case unregistered
        /// The provider sends no enhanced code here.
        case noEnhancedCode = "no-enhanced-code"
    }

    let providerIndex: Int
    let firstPacked: UInt32
    let lastPacked: UInt32
    let replyNumber: UInt16
    /// The provider's own mark, such as `TSS04`; `TS*` stands for a family; empty when there is none.
    public let tag: String
    /// A few words of the reply; letter case does not matter; empty when there are none.
    public let phrase: String
    /// What the provider means.
    public let meaning: String
    /// What to do about it.
    public let advice: String
    /// What the sender does about it, in a word.
    public let action: SenderAction
    /// How this compares with the registry.
    public let agreement: Agreement
    /// Where the meaning was found.
    public let source: String
    /// When the source was written or seen.
    public let sourceDate: String

    /// The provider.
    public var provider: Provider { StatusRegistry.providers[providerIndex] }

    /// The enhanced code, or the first of a range; `nil` when the provider sends none.
    public var first: EnhancedStatus? { Self.unpack(firstPacked) }

    /// The last code of a range; `nil` when there is no range.
    public var last: EnhancedStatus? { lastPacked == firstPacked ? nil : Self.unpack(lastPacked) }

    /// The basic code that goes with it, where a source shows one.
    public var reply: ReplyCode? { replyNumber == 0 ? nil : ReplyCode(replyNumber) }

    /// Whether the row is about this enhanced code, exactly or by its range.
    public func covers(_ status: EnhancedStatus) -> Bool {
        firstPacked != 0 && (firstPacked...lastPacked).contains(status.packed)
    }

    private static func unpack(_ value: UInt32) -> EnhancedStatus? {
        EnhancedStatus(UInt8(value / 1_000_000), UInt16(value / 1000 % 1000), UInt16(value % 1000))
    }
}

extension EnhancedStatus {
    /// The three numbers as one, in an order that keeps ranges of details together.
    var packed: UInt32 { UInt32(`class`.rawValue) * 1_000_000 + UInt32(subject) * 1000 + UInt32(detail) }
}
