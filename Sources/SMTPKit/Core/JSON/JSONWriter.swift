/// Writes JSON, value by value, into bytes that the caller may take away at any time.
///
/// Commas are its own business. The caller sees to it that every object and array that is begun is ended, and
/// that a name comes before each value of an object. Everything is escaped that could end a line, a string or
/// a terminal's patience: controls of ASCII and of ISO 8859-1, and the line ends of Unicode. What is not
/// UTF-8 becomes U+FFFD.
///
///     var writer = JSONWriter()
///     writer.object { $0.member("code", "4.7.1") }       // {"code":"4.7.1"}
///
/// - SeeAlso: RFC 8259.
package struct JSONWriter {
    /// The bytes written so far.
    package var octets: [UInt8]
    private var needsComma = false

    /// Starts to write after the bytes that are given.
    package init(into octets: consuming [UInt8] = []) { self.octets = octets }

    /// The text written so far.
    package var text: String { String(decoding: octets, as: UTF8.self) }

    // MARK: Structure

    /// Writes an object, whose members `body` writes.
    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        begin(UInt8(ascii: "{"))
        try body(&self)
        end(UInt8(ascii: "}"))
    }

    /// Writes an array, whose elements `body` writes.
    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        begin(UInt8(ascii: "["))
        try body(&self)
        end(UInt8(ascii: "]"))
    }

    /// Writes the name of the member whose value comes next.
    package mutating func name(_ name: StaticString) {
        separate()
        octets.append(UInt8(ascii: "\""))
        octets.append(text: name)
        octets.append(UInt8(ascii: "\""))
        octets.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a name that is known only now.
    package mutating func name(_ name: String) {
        string(name)
        octets.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        octets.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        octets.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { octets.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    // MARK: Values

    /// Writes a text.
    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    /// Writes bytes as a text.
    package mutating func string(_ text: UnsafeRawBufferPointer) {
        string { JSONEscape.append(text, to: &$0) }
    }

    /// Writes bytes as a text of base64.
    package mutating func base64(_ content: UnsafeRawBufferPointer) {
        string { output in
            var encoder = Base64Encoder()
            encoder.append(content, to: &output)
            encoder.finish(&output)
        }
    }

    /// Writes a text that `body` appends in parts, escaped already: for one that is too large to be held twice.
    package mutating func string(_ body: (inout [UInt8]) throws -> Void) rethrows {
        separate()
        octets.append(UInt8(ascii: "\""))
        try body(&octets)
        octets.append(UInt8(ascii: "\""))
    }

    /// Writes a whole number.
    package mutating func number(_ number: some BinaryInteger) {
        separate()
        octets.append(contentsOf: String(number).utf8)
    }

    /// Writes a number of thousandths, such as `12.345`.
    package mutating func thousandths(_ number: UInt64) {
        separate()
        octets.append(contentsOf: String(number / 1000).utf8)
        octets.append(ASCII.dot)
        octets.append(contentsOf: String(1000 + number % 1000).utf8.dropFirst())
    }

    /// Writes `true` or `false`.
    package mutating func boolean(_ value: Bool) {
        separate()
        if value { octets.append(text: "true") } else { octets.append(text: "false") }
    }

    /// Writes `null`.
    package mutating func null() {
        separate()
        octets.append(text: "null")
    }

    // MARK: Members

    /// Writes a member with a text, `null` when there is none.
    package mutating func member(_ name: StaticString, _ value: String?) {
        self.name(name)
        if let value { string(value) } else { null() }
    }

    /// Writes a member with a whole number, `null` when there is none.
    package mutating func member(_ name: StaticString, _ value: (some BinaryInteger)?) {
        self.name(name)
        if let value { number(value) } else { null() }
    }

    /// Writes a member that is `true` or `false`.
    package mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        boolean(value)
    }

    /// Writes a member with an object or an array, which `body` writes.
    package mutating func member(_ name: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
        self.name(name)
        try body(&self)
    }
}
