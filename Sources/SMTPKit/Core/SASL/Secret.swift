/// A password or a token: bytes that no description, dump or log shows.
public struct Secret: Hashable, Sendable {
    /// The secret itself.
    public let octets: [UInt8]

    /// Wraps bytes.
    public init(_ octets: some Sequence<UInt8>) {
        self.octets = Array(octets)
    }

    /// Wraps a text, as UTF-8.
    public init(_ text: String) {
        octets = Array(text.utf8)
    }

    /// The secret as text; what is not UTF-8 is replaced.
    public var text: String { String(decoding: octets, as: UTF8.self) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(secret)" }
    public var debugDescription: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
