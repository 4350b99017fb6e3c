import FuzzSupport

@testable import SMTPCore

/// The meaning of the first bytes of a PROXY header, which further bytes do not change.
enum FuzzedProxyHeader {
    static func check(_ input: FuzzInput) throws {
        let input = input.bytes
        let whole = ProxyHeader.parse(input.span)
        var known: ProxyHeader.Parsed?
        for count in 0...min(input.count, ProxyHeader.maximumBinary + 20) {
            let parsed = ProxyHeader.parse(input.span.extracting(..<count))
            try expect(known == nil || known == parsed, "what was known changes")
            if parsed != .incomplete { known = parsed }
            if case .header(_, let length) = parsed {
                try expect(length <= count, "the header is longer than its bytes")
            }
        }
        try expect(known == nil || known == whole, "what was known changes")
    }
}
