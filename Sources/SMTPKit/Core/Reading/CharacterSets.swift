/// Turns octets of a named character set into text.
///
/// UTF-8, US-ASCII and ISO 8859-1 are known here; the rest is somebody else's.
package struct CharacterSets: Sendable {
    private let other: @Sendable (_ name: String, _ octets: [UInt8]) -> String?

    /// - Parameter other: the text of octets in a character set, or `nil` for one that is not known.
    package init(other: @escaping @Sendable (_ name: String, _ octets: [UInt8]) -> String? = { _, _ in nil }) {
        self.other = other
    }

    /// The text. Octets that mean nothing become U+FFFD; a set that nobody knows is read as UTF-8, or as
    /// ISO 8859-1 when it is not that.
    package func text(_ octets: [UInt8], in name: String?) -> String {
        let name = name?.lowercased() ?? "us-ascii"
        switch name {
        case "utf-8", "utf8": return String(decoding: octets, as: UTF8.self)
        case "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "": return Self.guessed(octets)
        case "iso-8859-1", "latin1", "iso_8859-1":
            // What says it is Latin-1 is Windows-1252 as a rule; octets 128 to 159 mean nothing else in mail.
            return other("windows-1252", octets) ?? Self.latin(octets)
        case _: return other(name, octets) ?? Self.guessed(octets)
        }
    }

    private static func guessed(_ octets: [UInt8]) -> String {
        String(validating: octets, as: UTF8.self) ?? latin(octets)
    }

    private static func latin(_ octets: [UInt8]) -> String {
        var scalars = String.UnicodeScalarView()
        for octet in octets { scalars.append(Unicode.Scalar(octet)) }
        return String(scalars)
    }
}
