import CUnistring
import Glibc

/// SASLprep: user names and passwords in the form in which SCRAM compares them.
///
/// Two people who type the same password may send different bytes, for example with composed or decomposed accents.
/// Text that has been assigned after Unicode 3.2 is accepted, as in a query string.
///
/// - SeeAlso: RFC 4013; RFC 3454.
enum SASLPreparation {
    /// Returns the prepared text.
    ///
    /// - Returns: `nil` if the text holds a prohibited character, mixes directions, or is empty afterwards.
    static func prepare(_ text: String) -> String? {
        if text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text }
        var mapped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isSpace(scalar.value) {
                mapped.append(" ")
            } else if !isIgnored(scalar.value) {
                mapped.append(scalar)
            }
        }
        guard let normal = normalized(String(mapped)), !normal.isEmpty,
            !normal.unicodeScalars.contains(where: { isProhibited($0.value) }), hasOneDirection(normal)
        else { return nil }
        return normal
    }

    /// Returns NFKC.
    private static func normalized(_ text: String) -> String? {
        var length = 0
        let octets = Array(text.utf8)
        guard !octets.isEmpty, let result = smtp_unistring_nfkc(octets, octets.count, &length) else { return nil }
        defer { free(result) }
        return String(validating: UnsafeBufferPointer(start: result, count: length), as: UTF8.self)
    }

    /// RFC 3454, section 6: text with a letter from right to left has none from left to right, and begins and ends with
    /// such a letter.
    private static func hasOneDirection(_ text: String) -> Bool {
        let categories = text.unicodeScalars.map { uc_bidi_category($0.value) }
        func isFromRight(_ category: Int32) -> Bool {
            category == Int32(UC_BIDI_R) || category == Int32(UC_BIDI_AL)
        }
        guard categories.contains(where: isFromRight), let first = categories.first, let last = categories.last else {
            return true
        }
        return isFromRight(first) && isFromRight(last) && !categories.contains(Int32(UC_BIDI_L))
    }

    // MARK: Tables of RFC 3454

    /// Table C.1.2: spaces beyond ASCII.
    private static func isSpace(_ value: UInt32) -> Bool {
        switch value {
        case 0xA0, 0x1680, 0x2000...0x200B, 0x202F, 0x205F, 0x3000: true
        case _: false
        }
    }

    /// Table B.1: characters that are commonly mapped to nothing.
    private static func isIgnored(_ value: UInt32) -> Bool {
        switch value {
        case 0xAD, 0x34F, 0x1806, 0x180B...0x180D, 0x200C, 0x200D, 0x2060, 0xFE00...0xFE0F, 0xFEFF: true
        case _: false
        }
    }

    /// Tables C.1.2, C.2.1, C.2.2, C.3, C.4 and C.6 to C.9. A text has no surrogates (C.5).
    private static func isProhibited(_ value: UInt32) -> Bool {
        switch value {
        case 0...0x1F, 0x7F...0x9F, 0x6DD, 0x70F, 0x180E, 0x200C...0x200D, 0x2028...0x2029, 0x2060...0x2063,
            0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFD, 0x1D173...0x1D17A:
            true
        case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x10_0000...0x10_FFFD: true
        case 0xFDD0...0xFDEF: true
        case _ where value & 0xFFFE == 0xFFFE: true
        case 0x2FF0...0x2FFB: true
        case 0x340...0x341, 0x200E...0x200F, 0x202A...0x202E: true
        case 0xE0001, 0xE0020...0xE007F: true
        case _: isSpace(value)
        }
    }
}
