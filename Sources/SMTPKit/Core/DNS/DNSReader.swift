/// Reads the fields of a DNS message one after the other.
///
/// - SeeAlso: RFC 1035, section 4.1.
struct DNSReader {
    /// The most compression pointers of one name. Each of them has to point backwards, so that no name is a loop.
    static let maximumPointers = 32
    /// The longest name, in bytes of the wire (RFC 1035, section 2.3.4).
    static let maximumName = 255

    let octets: [UInt8]
    private(set) var position = 0

    init(_ octets: [UInt8]) { self.octets = octets }

    /// How many bytes are left.
    var remaining: Int { octets.count - position }

    mutating func byte() throws(DNSMessageError) -> UInt8 {
        guard position < octets.count else { throw .truncated }
        defer { position += 1 }
        return octets[position]
    }

    mutating func number() throws(DNSMessageError) -> UInt16 {
        let high = try byte()
        return UInt16(high) << 8 | UInt16(try byte())
    }

    mutating func bytes(_ count: Int) throws(DNSMessageError) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw .truncated }
        defer { position += count }
        return Array(octets[position..<position + count])
    }

    /// Reads a name, following its compression pointers.
    mutating func name() throws(DNSMessageError) -> DNSName {
        var labels: [[UInt8]] = []
        var place = position
        var end: Int?
        var (length, pointers) = (1, 0)
        while true {
            guard place < octets.count else { throw .truncated }
            let size = Int(octets[place])
            switch size {
            case 0:
                position = end ?? place + 1
                return DNSName(labels: labels)
            case 1...63:
                guard place + size < octets.count else { throw .truncated }
                length += size + 1
                guard length <= Self.maximumName else { throw .invalidName }
                labels.append(Array(octets[place + 1...place + size]))
                place += size + 1
            case 0xC0...:
                guard place + 1 < octets.count else { throw .truncated }
                let target = (size & 0x3F) << 8 | Int(octets[place + 1])
                pointers += 1
                guard target < place, pointers <= Self.maximumPointers else { throw .invalidName }
                end = end ?? place + 2
                place = target
            case _: throw .invalidName
            }
        }
    }
}
