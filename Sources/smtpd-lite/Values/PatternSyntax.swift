/// The syntax of regular expressions that is refused, because PCRE2 does not count the steps that it takes:
/// back-references, look-around, atomic and possessive repetition, recursion, conditions and verbs.
struct PatternSyntax {
    private let octets: [UInt8]
    private var index = 0

    /// The first such construct in an expression, described for its writer.
    static func unsupported(in text: String) -> String? {
        var syntax = PatternSyntax(octets: Array(text.utf8))
        return syntax.read()
    }

    private init(octets: [UInt8]) { self.octets = octets }

    private mutating func read() -> String? {
        var isRepeated = false
        while let octet = peek() {
            index += 1
            let wasRepeated = isRepeated
            isRepeated = false
            switch octet {
            case UInt8(ascii: "\\"):
                if let construct = readEscape() { return construct }
            case UInt8(ascii: "["): skipClass()
            case UInt8(ascii: "("):
                if let construct = readGroup() { return construct }
            case UInt8(ascii: "+") where wasRepeated: return "possessive repetition, as in a*+,"
            // A question mark after a repetition makes it lazy.
            case UInt8(ascii: "?") where wasRepeated: break
            case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "}"): isRepeated = true
            case _: break
            }
        }
        return nil
    }

    /// Reads what follows a backslash.
    private mutating func readEscape() -> String? {
        guard let octet = peek() else { return nil }
        index += 1
        switch octet {
        case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "g"), UInt8(ascii: "k"):
            return "a back-reference, as in \\1,"
        case UInt8(ascii: "K"): return "\\K"
        case UInt8(ascii: "Q"):
            // Up to \E, or to the end, every character is literal.
            while let octet = peek(), !(octet == UInt8(ascii: "\\") && peek(1) == UInt8(ascii: "E")) { index += 1 }
            index += 2
        case _: break
        }
        return nil
    }

    /// Skips a class, in which brackets and repetitions have no meaning of their own.
    private mutating func skipClass() {
        if peek() == UInt8(ascii: "^") { index += 1 }
        if peek() == UInt8(ascii: "]") { index += 1 }
        while let octet = peek(), octet != UInt8(ascii: "]") {
            if octet == UInt8(ascii: "["), peek(1) == UInt8(ascii: ":"), let end = endOfName() {
                index = end
            } else {
                index += octet == UInt8(ascii: "\\") ? 2 : 1
            }
        }
        index += 1
    }

    /// Where `[:alpha:]` ends, in a class.
    private func endOfName() -> Int? {
        var end = index + 2
        while end < octets.count,
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= octets[end] || octets[end] == UInt8(ascii: "^")
        { end += 1 }
        guard end + 1 < octets.count, octets[end] == UInt8(ascii: ":"), octets[end + 1] == UInt8(ascii: "]") else {
            return nil
        }
        return end + 2
    }

    /// Reads what follows an opening parenthesis.
    private mutating func readGroup() -> String? {
        if peek() == UInt8(ascii: "*") { return "a verb, as in (*ACCEPT)," }
        guard peek() == UInt8(ascii: "?") else { return nil }
        let (kind, next) = (peek(1) ?? 0, peek(2) ?? 0)
        index += 1
        switch kind {
        case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "*"): return "look-ahead"
        case UInt8(ascii: "<") where [UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "*")].contains(next):
            return "look-behind"
        case UInt8(ascii: ">"): return "an atomic group"
        case UInt8(ascii: "("): return "a condition"
        case UInt8(ascii: "C"): return "a callout"
        case UInt8(ascii: "P") where next == UInt8(ascii: "<"): return nil
        case UInt8(ascii: "P"), UInt8(ascii: "R"), UInt8(ascii: "&"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "+"):
            return "recursion"
        case UInt8(ascii: "-") where UInt8(ascii: "0")...UInt8(ascii: "9") ~= next: return "recursion"
        case _: return nil
        }
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        index + offset < octets.count ? octets[index + offset] : nil
    }
}
