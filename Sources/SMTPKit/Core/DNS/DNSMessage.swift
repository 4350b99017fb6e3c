/// A fault in a DNS message.
package enum DNSMessageError: Error, Hashable, Sendable {
    /// The message ends within a field.
    case truncated
    /// A name is longer than 255 octets, has a reserved label type, or its pointers do not lead backwards.
    case invalidName
    /// The content of a record does not have the length that its type or the record says.
    case invalidRecord
    /// There is not exactly one question, or the message is no response.
    case invalidHeader
}

/// A question to a name server, and the response to it.
///
/// A response comes from a stranger: names cannot loop, and no more than ``maximumRecords`` are kept.
///
/// - SeeAlso: RFC 1035, section 4; RFC 6840, section 5.7 for the AD bit.
package struct DNSMessage: Hashable, Sendable {
    /// How many records of an answer are read; the rest is ignored.
    package static let maximumRecords = 100
    /// The longest message over TCP, in bytes (RFC 1035, section 4.2.2).
    package static let maximumLength = 65_535

    /// The number that a response repeats.
    package let id: UInt16
    /// The name of the question, without the dot at its end.
    ///
    /// A dot in a label is written `\.`, a byte that is not printable `\DDD`.
    package let name: String
    /// The type of the question, which need not be one of ``DNSRecord/Kind``.
    package let kind: UInt16
    /// The response code: 0 for success, 3 when the name does not exist.
    package let code: UInt8
    /// Whether the response did not fit into the datagram.
    package let isTruncated: Bool
    /// Whether the server says that it validated the response (the AD bit).
    package let isAuthenticated: Bool
    /// The records of the answer section whose type is known, in their order.
    package let answers: [DNSRecord]

    /// Reads a response.
    package init(parsing octets: [UInt8]) throws(DNSMessageError) {
        var reader = DNSReader(octets)
        id = try reader.number()
        let flags = try reader.number()
        let questions = try reader.number()
        let count = Int(try reader.number())
        _ = try reader.bytes(4)
        guard flags & 0x8000 != 0, questions == 1 else { throw .invalidHeader }
        code = UInt8(flags & 0x0F)
        isTruncated = flags & 0x0200 != 0
        isAuthenticated = flags & 0x0020 != 0
        name = try reader.name().text
        kind = try reader.number()
        guard try reader.number() == Self.internet else { throw .invalidHeader }
        var answers: [DNSRecord] = []
        // The records of a truncated response may end anywhere, and the response is asked for again.
        for _ in 0..<(isTruncated ? 0 : min(count, Self.maximumRecords)) {
            if let record = try Self.record(&reader) { answers.append(record) }
        }
        self.answers = answers
    }

    /// Whether this is the response to a question.
    package func answers(_ question: DNSQuestion) -> Bool {
        id == question.id && kind == question.kind.rawValue
            && name.utf8.elementsEqual(question.name.utf8, by: { ASCII.uppercased($0) == ASCII.uppercased($1) })
    }

    static let internet: UInt16 = 1

    /// Reads one record.
    ///
    /// - Returns: `nil` for a type or class that is not known.
    private static func record(_ reader: inout DNSReader) throws(DNSMessageError) -> DNSRecord? {
        let name = try reader.name().text
        let type = try reader.number()
        let `class` = try reader.number()
        _ = try reader.bytes(4)
        let length = Int(try reader.number())
        guard length <= reader.remaining else { throw .truncated }
        let end = reader.position + length
        guard let kind = DNSRecord.Kind(rawValue: type), `class` == internet else {
            _ = try reader.bytes(length)
            return nil
        }
        let data = try data(kind, length, &reader)
        guard reader.position == end else { throw .invalidRecord }
        return DNSRecord(name: name, kind: kind, data: data)
    }

    private static func data(
        _ kind: DNSRecord.Kind, _ length: Int, _ reader: inout DNSReader
    ) throws(DNSMessageError) -> DNSRecord.Data {
        switch kind {
        case .a, .aaaa:
            guard length == (kind == .a ? 4 : 16) else { throw .invalidRecord }
            return .address(IPAddressText.text(try reader.bytes(length)))
        case .cname, .ptr: return .name(try reader.name().text)
        case .mx:
            let preference = try reader.number()
            return .mailExchanger(preference: preference, host: try reader.name().text)
        case .txt:
            let end = reader.position + length
            var text: [UInt8] = []
            while reader.position < end { text += try reader.bytes(Int(try reader.byte())) }
            return .text(text)
        case .tlsa:
            guard length >= 3 else { throw .invalidRecord }
            let usage = try reader.byte()
            let selector = try reader.byte()
            let matching = try reader.byte()
            return .association(
                usage: usage, selector: selector, matching: matching, data: try reader.bytes(length - 3))
        }
    }
}

/// A question to a recursive name server.
package struct DNSQuestion: Hashable, Sendable {
    /// The number that the response has to repeat. It is unpredictable, so that an attacker cannot forge a response.
    package let id: UInt16
    /// The name, without a dot at its end.
    ///
    /// A dot in a label is written `\.`, a byte that is not printable `\DDD`.
    package let name: String
    /// The type of the records.
    package let kind: DNSRecord.Kind

    /// Makes a question about a name whose labels have 1 to 63 octets. A dot in a label is written `\.`.
    package init(id: UInt16, name: String, kind: DNSRecord.Kind) {
        self.id = id
        self.name = DNSName(name).text
        self.kind = kind
    }

    /// The question as it is sent: recursion is desired, and the AD bit asks whether the answer was validated.
    package var octets: [UInt8] {
        var octets: [UInt8] = [UInt8(id >> 8), UInt8(id & 0xFF), 0x01, 0x20, 0, 1, 0, 0, 0, 0, 0, 0]
        octets += DNSName(name).octets
        for number in [kind.rawValue, DNSMessage.internet] { octets += [UInt8(number >> 8), UInt8(number & 0xFF)] }
        return octets
    }
}
