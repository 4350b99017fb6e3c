import FuzzSupport

@testable import SMTPKit

/// A dotlock that is read as a record of an append is written again as it was, or as it would be in full width.
enum FuzzedAppendRecord {
    static func check(_ input: FuzzInput) throws {
        guard let record = AppendRecord(parsing: input.text) else { return }
        try expect(record.goodLength >= 0 && record.reach >= record.goodLength, "the lengths make no sense")
        let text = String(decoding: record.text, as: UTF8.self)
        guard let again = AppendRecord(parsing: text) else { throw FuzzFailure("\(text) is not read again") }
        try expect(again == record, "\(record) is read as \(again)")
        try expect(record.numbersOffset < record.text.count, "the numbers are not in the text")
    }
}
