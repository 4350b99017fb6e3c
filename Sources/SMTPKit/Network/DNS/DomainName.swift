import CIDN2

/// Names that can be asked for in the DNS.
package enum DomainName {
    /// Returns a name as it goes to the DNS and into TLS: in ASCII (`xn--…`), and without a dot at its end.
    ///
    /// - Throws: ``ResolverError/invalidName(_:)`` for a name beyond ASCII that has no such form.
    /// - SeeAlso: RFC 5891, section 4; RFC 6066, section 3.
    package static func ascii(_ name: String) throws(ResolverError) -> String {
        let bare = name.hasSuffix(".") ? String(name.dropLast()) : name
        guard !bare.utf8.allSatisfy({ $0 < 0x80 }) else { return bare }
        var form: UnsafeMutablePointer<CChar>?
        guard idn2_to_ascii_8z(bare, &form, smtp_idn2_flags) == IDN2_OK.rawValue, let form else {
            throw .invalidName(name)
        }
        defer { idn2_free(form) }
        return String(cString: form)
    }

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
