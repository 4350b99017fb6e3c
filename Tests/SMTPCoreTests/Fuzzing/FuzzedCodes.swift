import FuzzSupport
import SMTPCore

/// A single code that is picked from a line can be asked for by its text, and a query is read again as it was written.
enum FuzzedCodes {
    static func check(_ input: FuzzInput) throws {
        let line = input.bytes
        let pick = CodePicker.pick(in: line.span)
        try expect(pick == CodePicker.pick(in: line.span), "the pick changes")
        if let query = pick?.query, pick?.reply == nil || pick?.status == nil { try again(query) }
        guard line.count <= 80, let query = try? CodeQuery(exactly: input.text) else { return }
        try again(query)
    }

    private static func again(_ query: CodeQuery) throws {
        guard let read = try? CodeQuery(exactly: query.description) else {
            throw FuzzFailure("\(query) cannot be asked for")
        }
        try expect(read == query, "\(query) is read as \(read)")
    }
}
