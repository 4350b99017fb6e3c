/// An address, `local-part@domain`.
///
/// The local part is opaque: its case is kept, and only the host that owns the domain may give it a
/// meaning. It is held unquoted, as the person who owns the mailbox would say it; ``description``
/// quotes it again where the grammar demands that.
///
///     C: MAIL FROM:<"Joe Doe"@example.org>
///
/// - SeeAlso: RFC 5321, section 4.1.2; RFC 6531, section 3.3.
public struct Mailbox: Hashable, Sendable {
    /// The part before the `@`, without quotes or backslashes.
    public var localPart: String
    /// The part after the `@`; an empty name for a local part without a domain, as `<root>`.
    public var domain: Domain

    /// Makes an address of parts that are known to be well formed.
    public init(localPart: String, domain: Domain) {
        self.localPart = localPart
        self.domain = domain
    }
}

extension Mailbox: CustomStringConvertible {
    public var description: String {
        let localPart = LocalPart.quoted(localPart)
        return domain == .name("") ? localPart : "\(localPart)@\(domain)"
    }
}

/// The part after the `@`: a name, or an address in brackets.
///
/// - SeeAlso: RFC 5321, sections 4.1.2 and 4.1.3.
public enum Domain: Hashable, Sendable {
    /// A domain name, in ASCII or, under SMTPUTF8, in Unicode. Case as the peer wrote it.
    case name(String)
    /// An address literal, with its brackets: `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
    case literal(String)
}

extension Domain: CustomStringConvertible {
    public var description: String { text }

    /// The domain as it appears in a path.
    var text: String {
        switch self {
        case .name(let text), .literal(let text): text
        }
    }
}

/// The writing of local parts.
///
/// - SeeAlso: RFC 5321, section 4.1.2.
public enum LocalPart {
    /// Returns the local part as it appears in a path: bare when it is a dot-string, else as a quoted string.
    public static func quoted(_ localPart: String) -> String {
        guard !isDotString(localPart.utf8) else { return localPart }
        var text = "\""
        for scalar in localPart.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }

    /// Whether the bytes are atoms joined by single dots.
    static func isDotString(_ octets: some Sequence<UInt8>) -> Bool {
        var previous = UInt8(ascii: ".")
        for octet in octets {
            guard ASCII.isAtomText(octet) || (octet == UInt8(ascii: ".") && previous != octet) else { return false }
            previous = octet
        }
        return previous != UInt8(ascii: ".")
    }
}
