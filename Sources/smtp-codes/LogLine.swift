import SMTPCore
import ToolSupport

/// The recipient's domain, the remote host and the hour in a line of a mail log.
struct LogLine {
    /// The most bytes that are looked at.
    private static let limit = 4096

    private let bytes: UnsafeRawBufferPointer

    init(_ line: UnsafeRawBufferPointer) {
        bytes = UnsafeRawBufferPointer(rebasing: line.prefix(Self.limit))
    }

    /// The domain after the first `@` of `to=<ann@example.org>`, or of the first address in angle brackets.
    var recipientDomain: String? {
        let start =
            position(after: "to=<") ?? position(after: " to ") ?? position(after: "rcpt to:<")
            ?? position(after: "=> ") ?? position(after: "** ") ?? position(after: "== ") ?? 0
        guard let at = bytes[start...].firstIndex(of: UInt8(ascii: "@")) else { return nil }
        return name(at + 1)
    }

    /// The host of `relay=mx.example.org[192.0.2.1]`, of `host mx.example.org said`, or of Exim's `H=`.
    var remoteHost: String? {
        for mark in ["relay=", "host ", " h="] {
            if let start = position(after: mark), let found = name(start), found.contains(".") { return found }
        }
        return nil
    }

    /// The hour of the timestamp at the start of the line, `03:00`, with the date as it is written.
    var hour: String? {
        for index in 0..<min(40, max(0, bytes.count - 5)) {
            guard bytes[index] == UInt8(ascii: ":"), index >= 2, digit(index - 1), digit(index - 2), digit(index + 1),
                digit(index + 2)
            else { continue }
            let start = index >= 13 && bytes[0] >= UInt8(ascii: "0") && bytes[0] <= UInt8(ascii: "9") ? index - 13 : 0
            let text = String(decoding: bytes[max(0, start)..<index], as: UTF8.self)
            return "\(SafeText.visible(text)):00"
        }
        return nil
    }

    private func digit(_ index: Int) -> Bool { bytes[index] >= 0x30 && bytes[index] <= 0x39 }

    private func name(_ start: Int) -> String? {
        let rest = bytes[start...].prefix(255)
        let part = rest.prefix { byte in
            byte >= 0x80 || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte >= 0x30 && byte <= 0x39
                || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
        }
        return part.isEmpty ? nil : SafeText.visible(String(decoding: part, as: UTF8.self).lowercased())
    }

    private func position(after mark: String) -> Int? {
        let wanted = Array(mark.utf8)
        guard bytes.count > wanted.count else { return nil }
        for start in 0..<(bytes.count - wanted.count) {
            var index = 0
            while index < wanted.count, Self.folded(bytes[start + index]) == wanted[index] { index += 1 }
            if index == wanted.count { return start + index }
        }
        return nil
    }

    private static func folded(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
