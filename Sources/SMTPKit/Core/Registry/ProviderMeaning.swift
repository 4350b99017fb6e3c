/// A mail provider or program whose own use of codes is known.
public struct Provider: Hashable, Sendable {
    /// A short word to ask for the provider by, such as `gmail`.
    public let id: String
    /// The provider's name.
    public let name: String
    let aliasList: String
    let firstRow: Int
    let endOfRows: Int

    /// Other words for the provider.
    public var aliases: [String] { aliasList.split(separator: ",").map(String.init) }

    /// The rows of the provider in ``StatusRegistry/providerMeanings``.
    var rows: Range<Int> { firstRow..<endOfRows }
}

/// The meaning that one provider gives a code, a tag or a phrase.
///
///     S: 421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred
///                   ^^^^^ the tag    the phrase ^^^^^^^^^^^^^^^^^^^^
public struct ProviderMeaning: Hashable, Sendable {
    /// How the provider's use compares with the registry.
    public enum Agreement: String, Hashable, Sendable, CaseIterable {
        /// The provider uses the code as the registry means it.
        case agrees
        /// The code is registered with another meaning.
        case differs
        /// The code is not registered.
        case unregistered
        /// The provider sends no enhanced code here.
        case noEnhancedCode = "no-enhanced-code"
    }

    /// The row in the table.
    let row: Int

    /// The columns of the table, in its order.
    private enum Column: Int, CaseIterable {
        case provider, first, last, reply, action, agreement, reason, tag, phrase, meaning, advice, source, sourceDate
    }

    /// The number of rows.
    static var count: Int { numbers.count / Column.allCases.count }

    @inline(__always)
    private func number(_ column: Column) -> Int { Self.numbers[row * Column.allCases.count + column.rawValue] }
    private func text(_ column: Column) -> String { Self.texts[number(column)] }

    /// The provider's own mark, such as `TSS04`; `TSS*` matches a family; empty when there is none.
    public var tag: String { text(.tag) }
    /// A few words of the reply, `*` for a gap; letter case does not matter; empty when there are none.
    public var phrase: String { text(.phrase) }
    /// The meaning, in a sentence.
    public var meaning: String { text(.meaning) }
    /// The advice.
    public var advice: String { text(.advice) }
    /// The action of the sender.
    public var action: SenderAction { SenderAction.allCases[number(.action)] }
    /// How this compares with the registry.
    public var agreement: Agreement { Agreement.allCases[number(.agreement)] }
    /// The place where the meaning was found.
    public var source: String { text(.source) }
    /// The date of the source.
    public var sourceDate: String { text(.sourceDate) }
    /// The reason that the code, tag or phrase indicates.
    public var reason: Reason { StatusRegistry.reasons[reasonIndex] }
    /// The provider.
    public var provider: Provider { StatusRegistry.providers[providerIndex] }

    var providerIndex: Int { number(.provider) }
    var reasonIndex: Int { number(.reason) }
    var replyNumber: Int { number(.reply) }
    var hasTag: Bool { Self.texts.length(number(.tag)) > 0 }
    var isFamily: Bool { Self.texts.lastByte(number(.tag)) == UInt8(ascii: "*") }
    var phraseLength: Int { Self.texts.length(number(.phrase)) }
    /// The number of words of the phrase.
    var wordCount: Int { Self.texts.count(of: ASCII.space, in: number(.phrase)) + 1 }
    /// The first digit of the codes that the row is about, if it names one.
    var classDigit: Int? {
        let first = number(.first)
        if first != 0 { return first / 1_000_000 }
        return replyNumber == 0 ? nil : replyNumber / 100
    }
    var hasStatus: Bool { number(.first) != 0 }
    var isRange: Bool { number(.first) != number(.last) }

    /// The enhanced code, or the first of a range; `nil` when the provider sends none.
    public var first: EnhancedStatus? { Self.unpack(number(.first)) }

    /// The last code of a range; `nil` when there is no range.
    public var last: EnhancedStatus? { isRange ? Self.unpack(number(.last)) : nil }

    /// The basic code that goes with it, where a source shows one.
    public var reply: ReplyCode? { ReplyCode(rawValue: UInt16(replyNumber)) }

    /// Whether the row is about this enhanced code, exactly or by its range.
    public func covers(_ status: EnhancedStatus) -> Bool {
        hasStatus && (number(.first)...number(.last)).contains(Int(status.packed))
    }

    private static func unpack(_ value: Int) -> EnhancedStatus? {
        EnhancedStatus(UInt8(value / 1_000_000), UInt16(value / 1000 % 1000), UInt16(value % 1000))
    }
}

/// The meanings of all providers; the rows of one provider are side by side.
package struct ProviderMeanings: RandomAccessCollection, Sendable {
    package var startIndex: Int { 0 }
    package var endIndex: Int { ProviderMeaning.count }
    package subscript(row: Int) -> ProviderMeaning { ProviderMeaning(row: row) }
}

extension StatusRegistry {
    /// The meanings that providers give their codes, tags and phrases.
    package static var providerMeanings: ProviderMeanings { ProviderMeanings() }
}

extension EnhancedStatus {
    /// The three numbers as one, in an order that keeps ranges of details together.
    var packed: UInt32 { UInt32(`class`.rawValue) * 1_000_000 + UInt32(subject) * 1000 + UInt32(detail) }
}
