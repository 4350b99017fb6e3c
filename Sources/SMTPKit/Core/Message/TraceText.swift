/// Writes what a peer said into a line that others will parse: whatever could end the line, open a
/// comment or pass for another field becomes a harmless character.
struct TraceText {
    /// A set of ASCII characters, one bit each.
    struct Allowed {
        private let low: UInt64
        private let high: UInt64

        private init(_ isMember: (UInt8) -> Bool) {
            low = (0..<64).reduce(0) { isMember($1) ? $0 | 1 << UInt64($1) : $0 }
            high = (64..<128).reduce(0) { isMember($1) ? $0 | 1 << UInt64($1 - 64) : $0 }
        }

        @inline(__always)
        func contains(_ octet: UInt8) -> Bool {
            (octet < 64 ? low : high) &>> UInt64(octet & 63) & 1 == 1 && octet < 128
        }

        /// The characters of atoms, and dots.
        static let atom = Allowed { ASCII.isAtomText($0) || $0 == ASCII.dot }
        /// Letters, digits, dots, colons, hyphens and square brackets: an address literal.
        static let literal = Allowed {
            ASCII.isLetter($0) || ASCII.isDigit($0) || Array(".:-[]".utf8).contains($0)
        }
        /// ASCII without controls and blanks.
        static let visible = Allowed { $0 > 0x20 && $0 < 0x7F }
        /// ASCII without controls.
        static let printable = Allowed { $0 >= 0x20 && $0 < 0x7F }
    }

    /// The characters that are kept.
    var allowed: Allowed
    /// The replacement for each other character.
    var replacement = UInt8(ascii: "?")
    /// Whether characters beyond ASCII are let through as well (RFC 6532, section 3.2).
    var isInternationalized = false
    /// The most bytes that one text takes; the rest is cut off. The default is the longest domain of
    /// RFC 5321, section 4.5.3.1.2.
    var limit = 255

    /// Appends a text.
    func append(_ text: String, to output: inout [UInt8]) {
        let isDone = text.utf8.withContiguousStorageIfAvailable { octets in
            guard octets.count <= limit, octets.allSatisfy(allowed.contains) else { return false }
            output.append(contentsOf: octets)
            return true
        }
        if isDone != true { appendReplacing(text, to: &output) }
    }

    private func appendReplacing(_ text: String, to output: inout [UInt8]) {
        let end = output.count + limit
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                let octet = UInt8(truncatingIfNeeded: scalar.value)
                guard output.count < end else { return }
                output.append(allowed.contains(octet) ? octet : replacement)
            } else if isInternationalized, !Self.breaksLines(scalar) {
                let encoded = UTF8.encode(scalar)
                guard let encoded, output.count + encoded.count <= end else { return }
                output.append(contentsOf: encoded)
            } else {
                guard output.count < end else { return }
                output.append(replacement)
            }
        }
    }

    /// Appends an address, quoted where the grammar demands it.
    func append(_ mailbox: Mailbox, to output: inout [UInt8]) {
        var localPart = self
        // Twice the 256 octets of RFC 5321, section 4.5.3.1.3, for the backslashes of a quoted one.
        localPart.limit = 512
        localPart.append(LocalPart.quoted(mailbox.localPart), to: &output)
        guard mailbox.domain != .name("") else { return }
        output.append(UInt8(ascii: "@"))
        switch mailbox.domain {
        case .name(let name):
            var domain = self
            domain.allowed = .atom
            domain.append(name, to: &output)
        case .literal(let literal):
            var domain = self
            domain.allowed = .literal
            domain.append(literal, to: &output)
        }
    }

    /// The control characters of ISO 8859-1 (NEL is one of them) and Unicode's own line ends, which
    /// some readers of header fields take for the end of a line.
    private static func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0xA0 || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
