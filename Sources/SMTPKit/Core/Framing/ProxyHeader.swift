/// The header by which a proxy describes the connection that it passes on.
///
///     C: PROXY TCP4 192.0.2.1 198.51.100.1 49152 25
///     S: 220 mx.example ESMTP
///
/// - SeeAlso: The PROXY protocol, versions 1 and 2 (HAProxy, `proxy-protocol.txt`).
package struct ProxyHeader: Hashable, Sendable {
    /// Where the connection comes from; `nil` when the proxy speaks for itself, or of nothing that is known here.
    package var source: Peer.Address?
    /// Where the client wanted to go; `nil` likewise.
    package var destination: Peer.Address?

    /// Makes a header; without addresses, the proxy speaks for itself.
    package init(source: Peer.Address? = nil, destination: Peer.Address? = nil) {
        self.source = source
        self.destination = destination
    }

    /// The result of a look at the first bytes.
    package enum Parsed: Hashable, Sendable {
        /// It may be a header; more is needed.
        case incomplete
        /// A header of this many bytes.
        case header(ProxyHeader, length: Int)
        /// It is none, and will be none.
        case malformed
    }

    /// The longest header of version 1, with its CRLF.
    static let maximumText = 107
    /// The longest header of version 2 that is taken, with what it says beside addresses.
    static let maximumBinary = 4_096

    private static let text = Array("PROXY ".utf8)
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]

    /// Reads a header out of the first bytes of a connection.
    package static func parse(_ octets: Span<UInt8>) -> Parsed {
        let start = octets.withUnsafeBufferPointer { Array($0.prefix(maximumBinary)) }
        if begins(start, with: text) { return start.count < text.count ? .incomplete : parseText(start) }
        if begins(start, with: signature) { return start.count < 16 ? .incomplete : parseBinary(start) }
        return .malformed
    }

    /// Whether as much as there is of the bytes agrees.
    private static func begins(_ octets: [UInt8], with mark: [UInt8]) -> Bool {
        octets.prefix(mark.count).elementsEqual(mark.prefix(octets.count))
    }

    // MARK: Version 1

    private static func parseText(_ octets: [UInt8]) -> Parsed {
        guard let end = octets.prefix(maximumText).firstIndex(of: ASCII.lineFeed) else {
            return octets.count < maximumText ? .incomplete : .malformed
        }
        guard octets[end - 1] == ASCII.carriageReturn,
            let line = String(validating: octets[..<(end - 1)], as: UTF8.self)
        else { return .malformed }
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        // The words after UNKNOWN are to be ignored.
        if words[1] == "UNKNOWN" { return .header(ProxyHeader(), length: end + 1) }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6",
            let source = address(words[2], words[4], isIPv6: words[1] == "TCP6"),
            let destination = address(words[3], words[5], isIPv6: words[1] == "TCP6")
        else { return .malformed }
        return .header(ProxyHeader(source: source, destination: destination), length: end + 1)
    }

    private static func address(_ text: Substring, _ port: Substring, isIPv6: Bool) -> Peer.Address? {
        guard isIPv6 ? AddressLiteral.isIPv6(text) : AddressLiteral.isIPv4(text), 1...5 ~= port.utf8.count,
            port.utf8.allSatisfy(ASCII.isDigit), let port = UInt16(port), let octets = IPAddressText.octets(text)
        else { return nil }
        return .ip(IPAddressText.unmappedText(octets), port: port)
    }

    // MARK: Version 2

    private static func parseBinary(_ octets: [UInt8]) -> Parsed {
        let length = 16 + (Int(octets[14]) << 8 | Int(octets[15]))
        guard octets[12] >> 4 == 2, octets[12] & 0xF <= 1, length <= maximumBinary else { return .malformed }
        guard octets.count >= length else { return .incomplete }
        // LOCAL: the proxy itself, which looks whether the server is there.
        guard octets[12] & 0xF == 1 else { return .header(ProxyHeader(), length: length) }
        let size: Int
        switch octets[13] {
        case 0x11: size = 4
        case 0x21: size = 16
        // UNIX sockets, and what is not known: the connection is that of the proxy.
        case 0x00, 0x31: return .header(ProxyHeader(), length: length)
        case _: return .malformed
        }
        guard length >= 16 + 2 * size + 4 else { return .malformed }
        func address(_ start: Int, _ port: Int) -> Peer.Address {
            .ip(
                IPAddressText.unmappedText(octets[start..<start + size]),
                port: UInt16(octets[port]) << 8 | UInt16(octets[port + 1])
            )
        }
        let ports = 16 + 2 * size
        let header = ProxyHeader(source: address(16, ports), destination: address(16 + size, ports + 2))
        return .header(header, length: length)
    }
}
