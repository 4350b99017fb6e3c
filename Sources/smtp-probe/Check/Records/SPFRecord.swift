import CommandLineSupport
import SMTPKit

/// An SPF record.
///
///     v=spf1 mx include:_spf.example.net -all
///
/// - SeeAlso: RFC 7208, sections 4.5 to 5 and 12.
struct SPFRecord: Hashable {
    /// A mechanism with its qualifier: `~include:example.net`.
    struct Directive: Hashable {
        /// `+`, `-`, `?` or `~`.
        let qualifier: Character
        /// The mechanism, in lower case.
        let mechanism: String
        /// The domain after the colon, or `nil` for the domain that the record belongs to.
        let domain: String?
    }

    let directives: [Directive]
    /// The domain of `redirect=`.
    let redirect: String?

    private static let mechanisms = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"]

    /// Whether a TXT record is an SPF record at all.
    static func isSPF(_ text: String) -> Bool {
        let text = text.lowercased()
        return text == "v=spf1" || text.hasPrefix("v=spf1 ")
    }

    /// Reads a record that ``isSPF(_:)``.
    init(parsing text: String) throws(RecordError) {
        var directives: [Directive] = []
        var modifiers: [String: String] = [:]
        for term in text.split(separator: " ").dropFirst() {
            if let sign = term.firstIndex(of: "="), Self.isName(term[..<sign]) {
                let name = term[..<sign].lowercased()
                let value = String(term[term.index(after: sign)...])
                guard name == "redirect" || name == "exp" else { continue }
                guard modifiers[name] == nil else { throw RecordError("'\(name)=' occurs twice") }
                try Self.checkDomain(value, of: term)
                modifiers[name] = value
            } else {
                directives.append(try Self.directive(term))
            }
        }
        self.directives = directives
        // With "all", redirect has no effect (section 6.1).
        redirect = directives.contains { $0.mechanism == "all" } ? nil : modifiers["redirect"]
    }

    /// Whether everyone may send.
    var passesAll: Bool { directives.contains { $0.mechanism == "all" && $0.qualifier == "+" } }

    private static func directive(_ term: Substring) throws(RecordError) -> Directive {
        var rest = term
        var qualifier: Character = "+"
        if let first = rest.first, "+-?~".contains(first) { qualifier = rest.removeFirst() }
        let name = rest.prefix { $0 != ":" && $0 != "/" }.lowercased()
        guard mechanisms.contains(name) else { throw RecordError("'\(term)' is no mechanism") }
        rest = rest.dropFirst(name.count)
        var domain: String?
        if rest.first == ":" {
            rest.removeFirst()
            // An address has slashes after it, and IPv6 has colons in it.
            let value = name == "exists" || name == "include" ? rest : rest.prefix { $0 != "/" }
            domain = String(value)
            rest = rest.dropFirst(value.count)
        }
        switch name {
        case "all": guard domain == nil, rest.isEmpty else { throw RecordError("'\(term)' has an argument") }
        case "ip4", "ip6":
            let isIPv4 = name == "ip4"
            guard let address = domain, isIPv4 ? IPText.isIPv4(address) : IPText.isIPv6(address) else {
                throw RecordError("'\(term)' has no \(isIPv4 ? "IPv4" : "IPv6") address")
            }
            try checkPrefix(rest, isIPv4 ? 32 : 128, of: term)
            domain = nil
        case "include", "exists":
            guard let domain else { throw RecordError("'\(term)' has no domain") }
            try checkDomain(domain, of: term)
        case _:
            if let domain { try checkDomain(domain, of: term) }
            guard name != "ptr" || rest.isEmpty else { throw RecordError("'\(term)' has a prefix length") }
            try checkPrefixes(rest, of: term)
        }
        return Directive(qualifier: qualifier, mechanism: name, domain: domain)
    }

    /// `/24`, `//64` or `/24//64`.
    private static func checkPrefixes(_ text: Substring, of term: Substring) throws(RecordError) {
        guard let double = text.firstRange(of: "//") else { return try checkPrefix(text, 32, of: term) }
        try checkPrefix(text[..<double.lowerBound], 32, of: term)
        try checkPrefix(text[text.index(after: double.lowerBound)...], 128, of: term)
    }

    private static func checkPrefix(_ text: Substring, _ most: Int, of term: Substring) throws(RecordError) {
        if text.isEmpty { return }
        guard text.first == "/", let length = WholeNumber.parse(text.dropFirst()), length <= most else {
            throw RecordError("'\(term)' has no prefix length of 0 to \(most)")
        }
    }

    /// Checks a name, parts of which may be macros (section 7.1).
    private static func checkDomain(_ domain: String, of term: Substring) throws(RecordError) {
        var rest = domain[...]
        guard !rest.isEmpty, rest.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw RecordError("'\(term)' has no domain")
        }
        while let percent = rest.firstIndex(of: "%") {
            rest = rest[rest.index(after: percent)...]
            switch rest.first {
            case "%", "_", "-": rest.removeFirst()
            case "{":
                guard let end = rest.firstIndex(of: "}"), let letter = rest.dropFirst().first,
                    "slodiphcrtv".contains(letter.lowercased())
                else { throw RecordError("'\(term)' has a macro that does not exist") }
                rest = rest[rest.index(after: end)...]
            case _: throw RecordError("'\(term)' has a '%' without a macro")
            }
        }
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, Character(UnicodeScalar(first)).isLetter else { return false }
        return text.utf8.allSatisfy { byte in
            let character = Character(UnicodeScalar(byte))
            return character.isASCII && (character.isLetter || character.isNumber) || "-_.".contains(character)
        }
    }
}

/// Questions about the text of an address.
enum IPText {
    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { 1...3 ~= $0.count && ($0.count == 1 || $0.first != "0") && UInt8($0) != nil }
    }

    static func isIPv6(_ text: String) -> Bool { text.contains(":") && NameServer(address: text) != nil }
}
