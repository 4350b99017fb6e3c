/// The capabilities that a server lists in its reply to `EHLO` or `LHLO`.
///
///     S: 250-mx.example.org
///     S: 250-PIPELINING
///     S: 250 SIZE 52428800
///
/// - SeeAlso: RFC 5321, section 4.1.1.1.
public struct Capabilities: Hashable, Sendable {
    /// One line: a keyword and its parameters.
    public struct Entry: Hashable, Sendable {
        /// The keyword in upper case.
        public var keyword: String
        /// The words after the keyword, as written.
        public var parameters: [String]

        /// Makes an entry.
        public init(_ keyword: String, _ parameters: [String] = []) {
            // Most servers write capitals.
            let isUpper = keyword.utf8.allSatisfy { $0 < 0x80 && !(0x61...0x7A ~= $0) }
            self.keyword = isUpper ? keyword : keyword.uppercased()
            self.parameters = parameters
        }
    }

    /// The first line: the server's name and a greeting.
    public var greeting: String
    /// The lines after the first one, in order.
    public var entries: [Entry]

    /// Makes a list.
    public init(greeting: String, entries: [Entry] = []) {
        self.greeting = greeting
        self.entries = entries
    }

    /// Reads the list out of the reply to `EHLO`.
    ///
    /// The old form `AUTH=LOGIN` is read as `AUTH LOGIN`.
    public init(_ reply: Reply) {
        greeting = reply.lines[0]
        entries = reply.lines.dropFirst().compactMap { line in
            let words = line.utf8.split(separator: ASCII.space)
            guard let first = words.first else { return nil }
            let parameters = words.dropFirst().map { String(Substring($0)) }
            if first.count >= 5, Substring(first.prefix(5)).uppercased() == "AUTH=" {
                return Entry("AUTH", [String(Substring(first.dropFirst(5)))] + parameters)
            }
            return Entry(String(Substring(first)), parameters)
        }
    }

    /// Whether the keyword is in the list, case aside.
    public func contains(_ keyword: String) -> Bool { self[keyword] != nil }

    /// The words after a keyword, or `nil` when it is not in the list.
    public subscript(keyword: String) -> [String]? {
        let keyword = keyword.uppercased()
        return entries.first { $0.keyword == keyword }?.parameters
    }

    /// The reply that announces the list.
    public var reply: Reply {
        Reply(250, nil, lines: [greeting] + entries.map { ([$0.keyword] + $0.parameters).joined(separator: " ") })
    }
}
