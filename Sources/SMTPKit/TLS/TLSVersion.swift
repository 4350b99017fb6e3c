import COpenSSL

/// A version of TLS.
///
/// - SeeAlso: RFC 8996, which retires 1.0 and 1.1; they remain here for tools that look for them.
public enum TLSVersion: String, Hashable, Sendable, CaseIterable, Comparable {
    /// TLS 1.0 (RFC 2246), deprecated by RFC 8996.
    case tls10 = "TLSv1"
    /// TLS 1.1 (RFC 4346), deprecated by RFC 8996.
    case tls11 = "TLSv1.1"
    /// TLS 1.2 (RFC 5246).
    case tls12 = "TLSv1.2"
    /// TLS 1.3 (RFC 8446).
    case tls13 = "TLSv1.3"

    /// Reads `1.2`, `tls1.2` or `TLSv1.2`, in any case.
    ///
    /// - Returns: `nil` for any other text.
    public init?(_ text: some StringProtocol) {
        let bare = text.lowercased().drop { $0 == "t" || $0 == "l" || $0 == "s" || $0 == "v" }
        switch bare {
        case "1", "1.0": self = .tls10
        case "1.1": self = .tls11
        case "1.2": self = .tls12
        case "1.3": self = .tls13
        case _: return nil
        }
    }

    /// The number on the wire.
    var wireNumber: Int32 {
        switch self {
        case .tls10: TLS1_VERSION
        case .tls11: TLS1_1_VERSION
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }

    public static func < (a: TLSVersion, b: TLSVersion) -> Bool { a.wireNumber < b.wireNumber }
}

extension TLSVersion: CustomStringConvertible {
    public var description: String { rawValue }
}
