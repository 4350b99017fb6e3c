/// The replies of a server are the same, however they are cut.
enum FuzzedReplies {
    static func check(_ input: [UInt8]) {
        guard let seed = input.first else { return }
        var cutter = Cutter(seed)
        let rest = input.dropFirst()
        expect(read([Array(rest)]) == read(cutter.pieces(of: rest)), "the cuts make a difference")
    }

    private static func read(_ pieces: [[UInt8]]) -> [String] {
        var decoder = ReplyDecoder()
        var items: [String] = []
        for piece in pieces {
            var position = 0
            while let item = decoder.next(in: piece.span, at: &position) {
                switch item {
                case .reply(let reply, let octets):
                    _ = StatusRegistry.explain(reply.status ?? .success(.otherUndefinedStatus), with: reply.code)
                    items.append("\(reply) \(octets)")
                case .malformed(let error, let octets):
                    items.append("\(error) \(octets)")
                    expect(octets.count <= ReplyDecoder.maximumOctets, "the decoder keeps too much")
                }
            }
        }
        return items + ["\(decoder.takeRest())"]
    }
}

/// Checks that the result for the first bytes does not change when more bytes follow.
enum FuzzedProxyHeader {
    static func check(_ input: [UInt8]) {
        let whole = ProxyHeader.parse(input.span)
        var known: ProxyHeader.Parsed?
        for count in 0...min(input.count, ProxyHeader.maximumBinary + 20) {
            let parsed = ProxyHeader.parse(Array(input.prefix(count)).span)
            expect(known == nil || known == parsed, "what was known changes")
            if parsed != .incomplete { known = parsed }
            if case .header(_, let length) = parsed {
                expect(length <= count, "the header is longer than its octets")
            }
        }
        expect(known == nil || known == whole, "what was known changes")
    }
}

/// Checks that any message can be read, whatever it contains.
enum FuzzedMessage {
    static func check(_ input: [UInt8]) {
        let message = ReadableMessage(parsing: input, CharacterSets())
        for field in message.header.fields { _ = message.decoded(field) }
        _ = CodePicker.pick(in: input.span)
    }
}

/// A response of a name server has bounded names and records, whatever its bytes are.
enum FuzzedDNSMessage {
    static func check(_ input: [UInt8]) {
        guard let message = try? DNSMessage(parsing: input) else { return }
        expect(message.answers.count <= DNSMessage.maximumRecords, "too many records")
        // A byte of a name takes four characters at most.
        expect(message.name.utf8.count <= 4 * DNSReader.maximumName, "the name is too long")
        for record in message.answers {
            expect(record.name.utf8.count <= 4 * DNSReader.maximumName, "the name of a record is too long")
            if case .name(let name) = record.data {
                expect(name.utf8.count <= 4 * DNSReader.maximumName, "the name in a record is too long")
            }
        }
    }
}
