import CommandLineSupport

/// One header field, by its name and what it is to say.
struct HeaderLine: Hashable, Sendable {
    /// The name.
    let name: String
    /// A kind of value.
    enum Value: Hashable, Sendable {
        /// Text, without encoding.
        case text(String)
        /// Addresses; the field is left out when there are none.
        case addresses([HeaderAddress])
    }

    /// The value of the field.
    let value: Value

    /// Makes a field of text.
    init(_ name: String, _ text: String) {
        self.name = name
        value = .text(text)
    }

    /// Makes a field of addresses.
    init(_ name: String, _ addresses: [HeaderAddress]) {
        self.name = name
        value = .addresses(addresses)
    }

    /// Reads `Name: value`.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when the name cannot be one, or a line end would begin another
    ///   field.
    static func parse(_ text: String) throws -> HeaderLine {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ValueError("a header field is wanted, such as 'X-Test: yes'")
        }
        let name = String(parts[0])
        let value = try checked(String(parts[1]).trimmingBlanks)
        if addressFields.contains(name.lowercased()), let addresses = try? HeaderAddress.parseList(value) {
            return HeaderLine(name, addresses)
        }
        guard !asciiFields.contains(name.lowercased()) || value.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw ValueError(
                "\(name) holds ASCII only; --data sends a message that has other characters there")
        }
        return HeaderLine(name, value)
    }

    /// Returns a text if it is valid in a field.
    static func checked(_ text: String) throws -> String {
        guard text.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 9 }) else {
            throw ValueError("neither a line end nor another control character may stand in a header field")
        }
        return text
    }

    /// Whether the name is this one, case aside.
    func isNamed(_ name: String) -> Bool { self.name.lowercased() == name.lowercased() }

    /// The field as it appears in the message, encoded and folded, with its CRLF.
    var octets: [UInt8] {
        var field = FoldedField(name: name)
        switch value {
        case .addresses(let addresses):
            guard !addresses.isEmpty else { return [] }
            HeaderAddress.append(addresses, to: &field)
        case .text(let text) where Self.addressFields.contains(name.lowercased()):
            StructuredText.appendAddresses(text, to: &field)
        case .text(let text) where ["content-type", "content-disposition"].contains(name.lowercased()):
            StructuredText.appendParameters(text, to: &field)
        case .text(let text) where Self.isStructured(name):
            for word in text.split(separator: " ", omittingEmptySubsequences: false) { field.append(word) }
        case .text(let text):
            EncodedWords.append(text, to: &field)
        }
        return field.finish()
    }

    private static let addressFields: Set<String> = [
        "from", "sender", "reply-to", "to", "cc", "bcc", "resent-from", "resent-sender", "resent-to", "resent-cc",
    ]

    /// Where encoded words mean nothing: RFC 2047, section 5.
    private static func isStructured(_ name: String) -> Bool {
        asciiFields.contains(name.lowercased()) || ["content-type", "content-disposition"].contains(name.lowercased())
    }

    /// Structured fields without any place for encoded words or parameters.
    private static let asciiFields: Set<String> = [
        "message-id", "in-reply-to", "references", "date", "content-transfer-encoding", "content-id", "mime-version",
        "received", "return-path", "resent-date", "resent-message-id",
    ]
}
