/// Kinds of cipher suites that no server should accept, most of which the system's OpenSSL cannot even offer.
///
/// - SeeAlso: RFC 9325, section 4.1; IANA's registry of cipher suites.
enum WeakSuites: String, CaseIterable, Sendable {
    case null = "NULL"
    case export = "export"
    case rc4 = "RC4"
    case des = "DES"
    case tripleDES = "3DES"
    case anonymous = "anonymous"

    var numbers: [UInt16] {
        switch self {
        case .null: [0x0001, 0x0002, 0x003B, 0xC001, 0xC006, 0xC00B, 0xC010]
        case .export: [0x0003, 0x0006, 0x0008, 0x000B, 0x000E, 0x0011, 0x0014, 0x0062, 0x0064]
        case .rc4: [0x0004, 0x0005, 0xC002, 0xC007, 0xC00C, 0xC011]
        case .des: [0x0009, 0x000C, 0x000F, 0x0012, 0x0015]
        case .tripleDES: [0x000A, 0x000D, 0x0010, 0x0013, 0x0016, 0xC003, 0xC008, 0xC00D, 0xC012]
        case .anonymous:
            [
                0x0017, 0x0018, 0x0019, 0x001A, 0x001B, 0x0034, 0x003A, 0x006C, 0x006D, 0x00A6, 0x00A7, 0xC015, 0xC016,
                0xC017, 0xC018, 0xC019,
            ]
        }
    }
}

/// The first message of a handshake that is never completed: it only finds out which suite a server chooses.
///
/// - SeeAlso: RFC 5246, section 7.4.1.2.
struct ClientHello {
    private let suites: [UInt16]
    private let serverName: String?

    init(suites: [UInt16], serverName: String?) {
        (self.suites, self.serverName) = (suites, serverName)
    }

    /// The message in one record.
    var octets: [UInt8] {
        var body: [UInt8] = [3, 3]
        body += (0..<32).map { _ in UInt8.random(in: 0...255) }
        body += [0] + Self.counted(suites.flatMap(Self.number)) + [1, 0]
        var extensions: [UInt8] = []
        if let serverName {
            extensions += Self.extension(0, Self.counted([0] + Self.counted(Array(serverName.utf8))))
        }
        // Groups: x25519 and the NIST curves; uncompressed points; RSA, ECDSA and DSA with SHA-2 and SHA-1.
        extensions += Self.extension(10, Self.counted([29, 23, 24, 25].flatMap(Self.number)))
        extensions += Self.extension(11, [1, 0])
        let algorithms: [UInt16] = [
            0x0401, 0x0501, 0x0601, 0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0201, 0x0203, 0x0202,
        ]
        extensions += Self.extension(13, Self.counted(algorithms.flatMap(Self.number)))
        body += Self.counted(extensions)
        let message = [1, 0] + Self.counted(body)
        return [22, 3, 1] + Self.counted(message)
    }

    /// The suite in the answer of a server; `nil` when it refuses with an alert, or closes.
    ///
    /// - Throws: ``CheckError/inconclusive(_:)`` when the answer is no TLS.
    static func chosenSuite(_ answer: [UInt8]) throws -> UInt16? {
        guard let type = answer.first, type != 21 else { return nil }
        // Record header 5, message header 4, version 2, random 32, then the session's length.
        guard type == 22, answer.count > 43, answer[5] == 2 else {
            throw CheckError.inconclusive("the server's answer to the handshake is no TLS")
        }
        let place = 44 + Int(answer[43])
        guard place + 1 < answer.count else { throw CheckError.inconclusive("the server's handshake is cut off") }
        return UInt16(answer[place]) << 8 | UInt16(answer[place + 1])
    }

    private static func number(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }

    private static func counted(_ octets: [UInt8]) -> [UInt8] { number(UInt16(clamping: octets.count)) + octets }

    private static func `extension`(_ type: UInt16, _ octets: [UInt8]) -> [UInt8] { number(type) + counted(octets) }
}
