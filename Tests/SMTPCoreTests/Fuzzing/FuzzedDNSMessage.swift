import FuzzSupport

@testable import SMTPCore

/// A response of a name server has bounded names and records, and is the same without what follows it.
enum FuzzedDNSMessage {
    static func check(_ input: FuzzInput) throws {
        guard let message = try? DNSMessage(parsing: input.bytes) else { return }
        try expect(message.answers.count <= DNSMessage.maximumRecords, "too many records")
        // A byte of a name takes four characters at most.
        let longest = 4 * DNSReader.maximumName
        try expect(message.name.utf8.count <= longest, "the name is too long")
        for record in message.answers {
            try expect(record.name.utf8.count <= longest, "the name of a record is too long")
            if case .name(let name) = record.data {
                try expect(name.utf8.count <= longest, "the name in a record is too long")
            }
        }
        guard let kind = DNSRecord.Kind(rawValue: message.kind) else { return }
        let question = DNSQuestion(id: message.id, name: message.name, kind: kind)
        try expect(message.answers(question), "\(message.name) does not answer the question for it, \(question.name)")
        // The question of a response that answers it is read from its own bytes.
        var header = question.octets
        header[2] |= 0x80
        let again = try DNSMessage(parsing: header)
        try expect(again.answers(question), "\(message.name) is asked for, and \(again.name) is read")
    }
}
