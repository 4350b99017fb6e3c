import Glibc
package import SMTPCore

extension CharacterSets {
    /// The character sets of the C library.
    package static let system = CharacterSets { encoding, octets in
        SystemCharacterSet(names[encoding] ?? encoding)?.text(octets)
    }

    /// The C library's names for encodings of the WHATWG, where the two differ. Each is a superset of the encoding that
    /// the WHATWG's name denotes.
    private static let names = [
        "big5": "BIG5-HKSCS", "euc-jp": "EUC-JP-MS", "euc-kr": "UHC", "gbk": "GB18030", "iso-8859-8-i": "ISO-8859-8",
        "shift_jis": "CP932", "windows-874": "CP874", "x-mac-cyrillic": "MAC-CYRILLIC",
    ]
}

/// A character set of the C library's `iconv`.
private struct SystemCharacterSet: ~Copyable {
    /// The value that `iconv` returns when it stops before the end.
    private static let failed = Int(bitPattern: UInt.max)
    private let converter: iconv_t

    /// - Returns: `nil` for a name that is not known, or that a peer could mean something else by.
    init?(_ name: String) {
        // Text after a slash is an instruction to iconv; text with a colon could be the name of a file.
        guard 1...40 ~= name.utf8.count,
            name.utf8.allSatisfy({ ASCII.isLetter($0) || ASCII.isDigit($0) || Array("-_.()+".utf8).contains($0) }),
            let converter = iconv_open("UTF-8", name), Int(bitPattern: converter) != -1
        else { return nil }
        self.converter = converter
    }

    deinit { iconv_close(converter) }

    /// The text, with U+FFFD for each byte that means nothing.
    func text(_ octets: [UInt8]) -> String {
        var input = octets
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        input.withUnsafeMutableBytes { input in
            var source = input.baseAddress?.assumingMemoryBound(to: CChar.self)
            var left = input.count
            while left > 0 {
                let failure = Self.convert(&buffer, &output) { target, room in
                    iconv(converter, &source, &left, &target, &room)
                }
                // The buffer is full, and there is more.
                guard failure != 0, failure != E2BIG else { continue }
                // A byte that means nothing, or a character that is cut at the end.
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                source = source.map { $0 + 1 }
                left -= 1
            }
        }
        // windows-1255 and windows-1258 hold a letter back until they know that no mark follows.
        _ = Self.convert(&buffer, &output) { target, room in iconv(converter, nil, nil, &target, &room) }
        return String(decoding: output, as: UTF8.self)
    }

    /// Calls `iconv` once, and appends what it writes.
    ///
    /// - Returns: the reason why it stopped, or 0.
    private static func convert(
        _ buffer: inout [UInt8], _ output: inout [UInt8],
        _ call: (inout UnsafeMutablePointer<CChar>?, inout Int) -> Int
    ) -> Int32 {
        buffer.withUnsafeMutableBytes { buffer in
            var target = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            var room = buffer.count
            let reason = call(&target, &room) == failed ? errno : 0
            output.append(contentsOf: buffer[..<(buffer.count - room)])
            return reason
        }
    }
}
