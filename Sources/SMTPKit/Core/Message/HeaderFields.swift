/// The header of a message, taken apart into fields.
///
/// Reading is lenient, as mail has to be: lines may end in CRLF or LF, and the header ends at the first empty line, at
/// the first line that is no field, or with the message. What is read is bounded, see ``Bounds``.
///
///     let header = try message.header
///     header["subject"]?.value
///
/// - SeeAlso: RFC 5322, section 2.2.
public struct HeaderFields: Hashable, Sendable {
    /// One field.
    public struct Field: Hashable, Sendable {
        /// The name as it was written.
        public var name: String
        /// The bytes after the colon as received, unfolded and without surrounding blanks.
        public var octets: [UInt8]
        /// ``octets`` as text; what is not UTF-8 is replaced. Encoded words stay encoded.
        public var value: String { String(decoding: octets, as: UTF8.self) }

        /// Makes a field.
        public init(name: String, octets: [UInt8]) {
            self.name = name
            self.octets = octets
        }
    }

    /// How much of a header is read at most.
    public struct Bounds: Hashable, Sendable {
        /// The most bytes, line ends included.
        public var octets: Int
        /// The most fields.
        public var fields: Int

        /// Makes bounds; by default 256 KiB and 4,096 fields.
        public init(octets: Int = 262_144, fields: Int = 4096) {
            self.octets = octets
            self.fields = fields
        }
    }

    /// The fields, in the order in which they appear.
    public private(set) var fields: [Field] = []
    /// Whether the header exceeds the bounds. A field that was cut is left out.
    public private(set) var isTruncated = false

    /// Reads a header.
    ///
    /// - Parameters:
    ///   - content: the message from its first byte; more than the header may be given.
    ///   - bounds: how much is read at most.
    public init(parsing content: Span<UInt8>, bounds: Bounds = Bounds()) {
        self = content.withUnsafeBytes { HeaderFields(parsing: $0, bounds: bounds) }
    }

    /// Reads a header.
    package init(parsing content: UnsafeRawBufferPointer, bounds: Bounds = Bounds()) {
        let window = content.prefix(bounds.octets)
        var rest = window
        var current: Field?
        while true {
            guard let feed = rest.firstIndex(of: ASCII.lineFeed) else {
                // The message ended in its header, or the bound cut a line.
                if window.count < content.count {
                    isTruncated = true
                    return
                }
                if !rest.isEmpty { _ = take(rest, &current, bounds) }
                break
            }
            var line = rest[..<feed]
            rest = rest[(feed + 1)...]
            if line.last == ASCII.carriageReturn { line = line.dropLast() }
            guard !line.isEmpty, take(line, &current, bounds) else { break }
            if isTruncated { return }
        }
        keep(current, bounds)
    }

    /// The first field of that name, whatever its case.
    public subscript(name: String) -> Field? {
        fields.first { Self.isSame($0.name, name) }
    }

    /// All fields of that name, whatever its case, in the order in which they appear.
    public func all(_ name: String) -> [Field] {
        fields.filter { Self.isSame($0.name, name) }
    }

    /// - Returns: whether the line is part of the header.
    private mutating func take(
        _ line: Slice<UnsafeRawBufferPointer>, _ current: inout Field?, _ bounds: Bounds
    ) -> Bool {
        guard HeaderEnd.isPartOfHeader(line, isFirst: current == nil) else { return false }
        if let first = line.first, HeaderEnd.isBlank(first) {
            // RFC 5322, section 2.2.3: unfolding takes the line end away and nothing else.
            current?.octets.append(contentsOf: line)
        } else {
            keep(current, bounds)
            current = Self.field(line)
        }
        return true
    }

    private mutating func keep(_ field: Field?, _ bounds: Bounds) {
        guard var field else { return }
        guard fields.count < bounds.fields else {
            isTruncated = true
            return
        }
        let start = field.octets.firstIndex { !HeaderEnd.isBlank($0) } ?? field.octets.endIndex
        let end = field.octets.lastIndex { !HeaderEnd.isBlank($0) }.map { $0 + 1 } ?? start
        field.octets = Array(field.octets[start..<end])
        fields.append(field)
    }

    private static func field(_ line: Slice<UnsafeRawBufferPointer>) -> Field? {
        HeaderEnd.nameEnd(line).map { end in
            Field(
                name: String(decoding: line[..<end.name], as: UTF8.self), octets: Array(line[(end.colon + 1)...]))
        }
    }

    private static func isSame(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && zip(a.utf8, b.utf8).allSatisfy { ASCII.uppercased($0) == ASCII.uppercased($1) }
    }
}
