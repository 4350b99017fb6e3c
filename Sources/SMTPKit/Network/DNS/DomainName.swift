/// Names that can be asked for in the DNS.
enum DomainName {
    /// Labels of 1 to 63 letters, digits, hyphens and underscores; 253 octets at most, and perhaps a dot at the end.
    ///
    /// - SeeAlso: RFC 1035, section 2.3.4.
    static func isValid(_ name: String) -> Bool {
        let name = name.hasSuffix(".") ? name.dropLast() : name[...]
        return 1...253 ~= name.utf8.count
            && name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
                1...63 ~= label.count && label.allSatisfy(isLabelOctet)
            }
    }

    private static func isLabelOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        case _: false
        }
    }
}
