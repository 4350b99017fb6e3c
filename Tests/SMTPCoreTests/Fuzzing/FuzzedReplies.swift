import FuzzSupport

@testable import SMTPCore

/// The replies of a server are the same, however they are cut, and a reply that is written again has the same codes.
enum FuzzedReplies {
    private enum Item: Equatable {
        case reply(Reply, [UInt8])
        case malformed(ReplySyntaxError, [UInt8])
        case rest([UInt8])
    }

    static func check(_ input: FuzzInput) throws {
        var input = input
        let seed = input.byte()
        let bytes = input.bytes
        var cutter = Cutter(seed)
        let whole = try read([bytes])
        try expect(whole == read(cutter.pieces(of: bytes)), "the cuts make a difference")
        var explained = 0
        for case .reply(let reply, _) in whole {
            let written = reply.octets
            guard case .reply(let again, _)? = try read([written]).first else {
                throw FuzzFailure("\(reply) is not read again")
            }
            try expect(again.code == reply.code && again.status == reply.status, "\(reply) is read as \(again)")
            // Explaining is much slower than reading: two replies are enough.
            explained += 1
            guard explained <= 2, let status = reply.status else { continue }
            _ = StatusRegistry.explain(status, with: reply.code)
        }
    }

    private static func read(_ pieces: [[UInt8]]) throws -> [Item] {
        var decoder = ReplyDecoder()
        var items: [Item] = []
        for piece in pieces {
            var position = 0
            while let item = decoder.next(in: piece.span, at: &position) {
                switch item {
                case .reply(let reply, let octets):
                    try expect(octets.count <= ReplyDecoder.maximumOctets, "the decoder keeps too much")
                    items.append(.reply(reply, octets))
                case .malformed(let error, let octets):
                    try expect(octets.count <= ReplyDecoder.maximumOctets, "the decoder keeps too much")
                    items.append(.malformed(error, octets))
                }
            }
        }
        return items + [.rest(decoder.takeRest())]
    }
}
