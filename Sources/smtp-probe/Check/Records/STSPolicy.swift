import CommandLineSupport

/// An MTA-STS policy.
///
///     version: STSv1
///     mode: enforce
///     mx: *.example.net
///     max_age: 604800
///
/// - SeeAlso: RFC 8461, section 3.2.
struct STSPolicy: Hashable {
    /// The action of a sender when a server does not match.
    enum Mode: String, Hashable, CaseIterable {
        case enforce
        case testing
        case none
    }

    /// The longest time for which a policy may be kept, in seconds: about a year.
    static let maximumAge = 31_557_600

    let mode: Mode
    /// Names of mail exchangers, some with `*.` in the place of their first label.
    let patterns: [String]
    /// How long the policy may be kept, in seconds.
    let maximumAge: Int

    /// Reads a policy, whose lines end with CRLF or LF.
    init(parsing octets: [UInt8]) throws(RecordError) {
        guard let text = String(validating: octets, as: UTF8.self), !octets.contains(0) else {
            throw RecordError("it is not text")
        }
        var values: [String: String] = [:]
        var patterns: [String] = []
        var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            let (name, value) = try Self.field(line)
            if name == "mx" {
                patterns.append(try Self.pattern(value))
            } else if values[name] == nil {
                // Of a field that occurs again, the first counts.
                values[name] = value
            }
        }
        guard values["version"] == "STSv1" else { throw RecordError("'version: STSv1' is missing") }
        guard let mode = values["mode"].flatMap(Mode.init) else {
            throw RecordError("the mode '\(values["mode"] ?? "")' is not enforce, testing or none")
        }
        guard let age = values["max_age"].flatMap({ WholeNumber.parse($0[...]) }), age <= Self.maximumAge else {
            throw RecordError("max_age '\(values["max_age"] ?? "")' is not 0 to \(Self.maximumAge)")
        }
        guard mode == .none || !patterns.isEmpty else { throw RecordError("'mx:' is missing") }
        (self.mode, self.patterns, maximumAge) = (mode, patterns, age)
    }

    /// Whether a pattern covers a mail exchanger.
    func covers(_ host: String) -> Bool {
        let host = host.lowercased()
        return patterns.contains { pattern in
            guard pattern.hasPrefix("*.") else { return pattern == host }
            guard let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
            return host[dot...] == pattern.dropFirst()
        }
    }

    private static func field(_ line: Substring) throws(RecordError) -> (String, String) {
        guard let colon = line.firstIndex(of: ":") else {
            throw RecordError("the line '\(line.prefix(60))' has no colon")
        }
        let name = String(line[..<colon])
        let isName =
            1...32 ~= name.utf8.count
            && name.utf8.allSatisfy { byte in
                let character = Character(UnicodeScalar(byte))
                return byte < 0x80 && (character.isLetter || character.isNumber || "_-.".contains(character))
            }
        guard isName else { throw RecordError("the line '\(line.prefix(60))' has no name before its colon") }
        return (name, line[line.index(after: colon)...].trimmingBlanks)
    }

    private static func pattern(_ text: String) throws(RecordError) -> String {
        let name = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
        let isName =
            1...253 ~= name.utf8.count
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                1...63 ~= label.utf8.count
                    && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
            }
        guard isName else { throw RecordError("'mx: \(text)' is not the name of a host") }
        return text.lowercased()
    }
}
