/// The header of a message of SCRAM or OAUTHBEARER: channel binding, and the identity to act as.
///
///     n,a=alice,
///     p=tls-exporter,,
///
/// - SeeAlso: RFC 5801, section 4; RFC 5802, section 7.
struct GS2Header: Hashable, Sendable {
    /// The client's statement on channel binding.
    enum Binding: Hashable, Sendable {
        /// `n`: it cannot.
        case unsupported
        /// `y`: it could, and believes that the server cannot.
        case notOffered
        /// `p=`: it does, by the kind named.
        case used(String)
    }

    /// The client's statement on channel binding.
    var binding: Binding
    /// The identity to act as, or `nil`.
    var identity: String?
    /// The header as it was written, with its last comma.
    var octets: [UInt8]

    /// Whether the client binds to the connection.
    var isBound: Bool {
        switch binding {
        case .used: true
        case .unsupported, .notOffered: false
        }
    }

    /// Makes a header.
    init(_ binding: Binding, identity: String?) {
        self.binding = binding
        self.identity = identity
        let flag =
            switch binding {
            case .unsupported: "n"
            case .notOffered: "y"
            case .used(let kind): "p=" + kind
            }
        octets = Array("\(flag),\(identity.map { "a=" + SCRAMName.escape($0) } ?? ""),".utf8)
    }

    /// Reads the header at the beginning of a message.
    ///
    /// - Returns: `nil` when there is none, or it is not well formed.
    init?(_ message: [UInt8]) {
        let parts = message.split(separator: SCRAMName.comma, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        switch Array(parts[0]) {
        case [UInt8(ascii: "n")]: binding = .unsupported
        case [UInt8(ascii: "y")]: binding = .notOffered
        case let flag where flag.starts(with: "p=".utf8):
            guard let kind = String(validating: flag.dropFirst(2), as: UTF8.self), !kind.isEmpty else { return nil }
            binding = .used(kind)
        case _: return nil
        }
        if !parts[1].isEmpty {
            guard parts[1].starts(with: "a=".utf8), let name = SCRAMName.unescape(parts[1].dropFirst(2)) else {
                return nil
            }
            identity = name
        }
        octets = Array(message[..<parts[2].startIndex])
    }
}

/// The writing of names between commas: `,` as `=2C`, `=` as `=3D`.
///
/// - SeeAlso: RFC 5802, section 5.1.
enum SCRAMName {
    static let comma = UInt8(ascii: ",")
    private static let equals = UInt8(ascii: "=")

    static func escape(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case ",": text += "=2C"
            case "=": text += "=3D"
            case _: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// - Returns: `nil` for an empty name, a NUL, a lone `=`, or what is not UTF-8.
    static func unescape(_ octets: ArraySlice<UInt8>) -> String? {
        var name: [UInt8] = []
        var rest = octets
        while let octet = rest.popFirst() {
            guard octet != 0, octet != comma else { return nil }
            guard octet == equals else {
                name.append(octet)
                continue
            }
            switch Array(rest.prefix(2)) {
            case Array("2C".utf8): name.append(comma)
            case Array("3D".utf8): name.append(equals)
            case _: return nil
            }
            rest = rest.dropFirst(2)
        }
        return name.isEmpty ? nil : String(validating: name, as: UTF8.self)
    }
}
