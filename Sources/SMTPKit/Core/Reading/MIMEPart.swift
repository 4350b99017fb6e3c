/// A part of a message: its header, and a body that is text, something else, or more parts.
///
/// Reading never fails and is bounded: nesting, the number of parts, and what is read of headers have limits
/// beyond which a part counts as one that has no parts.
///
/// - SeeAlso: RFC 2045; RFC 2046.
package struct MIMEPart {
    /// How much is read at most.
    package struct Bounds {
        /// How deep parts may nest.
        package var depth = 20
        /// The most parts of a message.
        package var parts = 500
        /// The bounds for reading each header.
        package var header = HeaderFields.Bounds(octets: 65_536, fields: 1000)

        /// The limits.
        package init() {}
    }

    /// The part's own header.
    package let header: HeaderFields
    /// The value of its `Content-Type`; `text/plain` where there is none.
    package let type: ParameterizedValue
    /// How its body is encoded.
    package let encoding: TransferEncoding
    /// The range of its body in the message.
    package let body: Range<Int>
    /// The parts of a multipart.
    package private(set) var parts: [MIMEPart] = []

    /// Reads a message, or the beginning of one.
    package init(parsing message: [UInt8], _ sets: CharacterSets, bounds: Bounds = Bounds()) {
        var count = 0
        self.init(message, 0..<message.count, "text/plain", sets, bounds, depth: 0, &count)
    }

    /// - Parameter count: how many parts there are so far.
    private init(
        _ message: [UInt8], _ range: Range<Int>, _ defaultType: String, _ sets: CharacterSets, _ bounds: Bounds,
        depth: Int, _ count: inout Int
    ) {
        count += 1
        let (header, start) = message.withUnsafeBytes { octets in
            let part = UnsafeRawBufferPointer(rebasing: octets[range])
            return (HeaderFields(parsing: part, bounds: bounds.header), HeaderEnd.bodyStart(part))
        }
        self.header = header
        body = (range.lowerBound + start)..<range.upperBound
        let field = header["content-type"]?.octets
        let type = ParameterizedValue(field ?? Array(defaultType.utf8), sets)
        // RFC 2045, section 5.2: what cannot be read as a type is text.
        self.type = type.value.contains("/") ? type : ParameterizedValue(Array(defaultType.utf8), sets)
        encoding = TransferEncoding(
            header["content-transfer-encoding"].map { ParameterizedValue($0.octets, sets).value } ?? "")
        guard type.value.hasPrefix("multipart/"), depth < bounds.depth,
            let boundary = type.boundary, boundary.count <= 1000
        else { return }
        // RFC 2046, section 5.1.5.
        let childType = type.value == "multipart/digest" ? "message/rfc822" : "text/plain"
        for range in Self.ranges(message, body, Array("--".utf8) + boundary) {
            guard count < bounds.parts else { break }
            parts.append(MIMEPart(message, range, childType, sets, bounds, depth: depth + 1, &count))
        }
    }

    /// The body's bytes, decoded.
    package func content(of message: [UInt8]) -> [UInt8] { encoding.decode(message[body]) }

    /// Whether the part is something to be saved, not read.
    var isAttachment: Bool {
        let disposition = header["content-disposition"]?.value.lowercased() ?? ""
        if disposition.hasPrefix("attachment") { return true }
        return !type.value.hasPrefix("text/") && !type.value.hasPrefix("multipart/")
    }

    /// The name under which its writer would save it.
    func fileName(_ sets: CharacterSets) -> String? {
        let disposition = header["content-disposition"].map { ParameterizedValue($0.octets, sets) }
        return disposition?.parameter("filename") ?? type.parameter("name")
    }

    // MARK: Finding

    /// The ranges between the delimiters. A part that no delimiter ends goes on to the end.
    ///
    /// - SeeAlso: RFC 2046, section 5.1.1.
    private static func ranges(_ message: [UInt8], _ body: Range<Int>, _ delimiter: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var partStart: Int?
        var start = body.lowerBound
        while start < body.upperBound {
            let feed = message[start..<body.upperBound].firstIndex(of: ASCII.lineFeed)
            let next = feed.map { $0 + 1 } ?? body.upperBound
            if message[start..<next].starts(with: delimiter) {
                let rest = message[(start + delimiter.count)..<next]
                let isLast = rest.starts(with: [UInt8(ascii: "-"), UInt8(ascii: "-")])
                if rest.dropFirst(isLast ? 2 : 0).allSatisfy({ $0 <= ASCII.space }) {
                    if let partStart { ranges.append(partStart..<endBefore(start, message, from: partStart)) }
                    partStart = next
                    if isLast { return ranges }
                }
            }
            start = next
        }
        if let partStart { ranges.append(partStart..<body.upperBound) }
        return ranges
    }

    /// The line end before a delimiter belongs to the delimiter.
    private static func endBefore(_ delimiter: Int, _ message: [UInt8], from start: Int) -> Int {
        var end = delimiter
        if end > start, message[end - 1] == ASCII.lineFeed { end -= 1 }
        if end > start, end < delimiter, message[end - 1] == ASCII.carriageReturn { end -= 1 }
        return end
    }
}
