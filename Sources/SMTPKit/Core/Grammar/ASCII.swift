/// Byte classes of the grammar.
package enum ASCII {
    package static let lineFeed = UInt8(ascii: "\n")
    package static let carriageReturn = UInt8(ascii: "\r")
    package static let space = UInt8(ascii: " ")
    /// HT.
    static let tab = UInt8(ascii: "\t")
    package static let dot = UInt8(ascii: ".")

    /// `atext` of RFC 5322, section 3.2.3, with the bytes above 127 that RFC 6531 adds.
    @inline(__always)
    package static func isAtomText(_ octet: UInt8) -> Bool {
        isLetter(octet) || isDigit(octet) || octet >= 0x80 || isAtomPunctuation(octet)
    }

    @inline(__always)
    package static func isLetter(_ octet: UInt8) -> Bool { (octet | 0x20) &- UInt8(ascii: "a") < 26 }

    @inline(__always)
    package static func isDigit(_ octet: UInt8) -> Bool { octet &- UInt8(ascii: "0") < 10 }

    /// Whether a byte can be part of a keyword: `(ALPHA / DIGIT) *(ALPHA / DIGIT / "-")` of RFC 5321, section 4.1.2.
    @inline(__always)
    static func isKeyword(_ octet: UInt8, isFirst: Bool) -> Bool {
        isLetter(octet) || isDigit(octet) || (!isFirst && octet == UInt8(ascii: "-"))
    }

    /// Whether a text is a keyword.
    package static func isKeyword(_ text: some Collection<UInt8>) -> Bool {
        guard let first = text.first, isKeyword(first, isFirst: true) else { return false }
        return text.dropFirst().allSatisfy { isKeyword($0, isFirst: false) }
    }

    /// The upper-case form of an ASCII letter; every other byte unchanged.
    @inline(__always)
    package static func uppercased(_ octet: UInt8) -> UInt8 {
        octet &- UInt8(ascii: "a") < 26 ? octet & 0xDF : octet
    }

    /// The value of a hexadecimal digit, or `nil`.
    static func hexValue(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case _: nil
        }
    }

    /// The parts of an address in which a byte is allowed.
    struct AddressText: OptionSet {
        let rawValue: UInt8
        /// A local part that is not quoted: `atext` and dots.
        static let dotString = AddressText(rawValue: 1)
        /// A label of a domain: letters, digits, hyphen, underscore and bytes above 127.
        static let label = AddressText(rawValue: 2)
    }

    /// The index of the first byte from `start` on that cannot be part of `text`, or the end.
    static func endOfRun(of text: AddressText, in octets: Span<UInt8>, from start: Int) -> Int {
        octets.withUnsafeBufferPointer { octets in
            let table = Self.table.utf8Start
            var end = start
            while end < octets.count, table[Int(octets[end])] & text.rawValue != 0 { end &+= 1 }
            return end
        }
    }

    /// For each byte, the digit of its ``AddressText``: every byte of every address is looked up.
    private static let table: StaticString = """
        00000000000000000000000000000000\
        01011111001103113333333333000101\
        03333333333333333333333333300013\
        13333333333333333333333333311110\
        33333333333333333333333333333333\
        33333333333333333333333333333333\
        33333333333333333333333333333333\
        33333333333333333333333333333333
        """

    private static func isAtomPunctuation(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
            UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
            true
        case _:
            false
        }
    }
}
