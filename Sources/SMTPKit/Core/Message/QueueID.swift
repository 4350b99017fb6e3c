/// The name under which a server accepted a message, as its final reply says it.
///
///     S: 250 2.0.0 Ok: queued as 4F7A21C0
///                                ^^^^^^^^
public struct QueueID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name: letters, digits and hyphens.
    public let rawValue: String

    /// Wraps a name. Anything but letters, digits and hyphens is left out, so that the name is valid in a reply, a
    /// header field or a file name.
    public init(rawValue: String) {
        let isClean = rawValue.utf8.allSatisfy(Self.mayHold)
        self.rawValue = isClean ? rawValue : String(decoding: rawValue.utf8.filter(Self.mayHold), as: UTF8.self)
    }

    /// Wraps a name that is known to consist of letters, digits and hyphens.
    package init(known rawValue: String) {
        assert(rawValue.utf8.allSatisfy(Self.mayHold), "a queue id holds letters, digits and hyphens")
        self.rawValue = rawValue
    }

    public var description: String { rawValue }

    private static func mayHold(_ octet: UInt8) -> Bool {
        ASCII.isLetter(octet) || ASCII.isDigit(octet) || octet == UInt8(ascii: "-")
    }
}
