import SMTPKit

/// The number of look-ups that a receiver needs to evaluate an SPF record, and the faults on that way.
///
/// Without a sender the record cannot be evaluated, so each term is counted: the worst case. Names with macros are
/// counted and not looked up.
///
/// - SeeAlso: RFC 7208, section 4.6.4.
struct SPFEvaluation {
    /// The most terms that need a look-up.
    static let maximumLookups = 10
    /// The most look-ups without an answer.
    static let maximumVoids = 2

    /// Look-ups of the kinds that an evaluation needs. Throws ``ResolverError``.
    typealias Lookup = (_ name: String, _ kind: DNSRecord.Kind) throws -> [DNSRecord.Data]

    private(set) var lookups = 0
    private(set) var voids = 0
    /// The first fault that makes the record useless.
    private(set) var fault: String?
    private let lookup: Lookup

    /// Evaluates the record of a domain.
    init(_ record: SPFRecord, of domain: String, _ lookup: @escaping Lookup) throws {
        self.lookup = lookup
        try walk(record, of: domain, path: [domain.lowercased()])
    }

    private mutating func walk(_ record: SPFRecord, of domain: String, path: [String]) throws {
        for directive in record.directives {
            guard fault == nil else { return }
            let name = directive.domain ?? domain
            switch directive.mechanism {
            case "include": try follow(name, path, "include:\(name)")
            case "a", "exists": if try count(name) { try require([.a, .aaaa], of: name) }
            case "mx": if try count(name) { try require([.mx], of: name) }
            case "ptr": _ = try count(name)
            case _: continue
            }
        }
        if let redirect = record.redirect { try follow(redirect, path, "redirect=\(redirect)") }
    }

    /// Counts a term.
    ///
    /// - Returns: whether its name is to be looked up.
    private mutating func count(_ name: String) throws -> Bool {
        lookups += 1
        if lookups > Self.maximumLookups {
            fault = fault ?? "it needs more than \(Self.maximumLookups) look-ups"
            return false
        }
        return !name.contains("%")
    }

    private mutating func require(_ kinds: [DNSRecord.Kind], of name: String) throws {
        for kind in kinds where try !records(name, kind).isEmpty { return }
        noteVoid()
    }

    private mutating func noteVoid() {
        voids += 1
        if voids > Self.maximumVoids { fault = fault ?? "more than \(Self.maximumVoids) of its look-ups find nothing" }
    }

    private mutating func follow(_ name: String, _ path: [String], _ term: String) throws {
        guard try count(name) else { return }
        guard !path.contains(name.lowercased()) else {
            fault = fault ?? "\(term) leads back to itself"
            return
        }
        let texts = try records(name, .txt).compactMap(\.spfText)
        guard texts.count == 1 else {
            if texts.isEmpty { noteVoid() }
            fault =
                fault ?? "\(term): \(texts.isEmpty ? "there is no SPF record" : "there is more than one SPF record")"
            return
        }
        do {
            try walk(try SPFRecord(parsing: texts[0]), of: name, path: path + [name.lowercased()])
        } catch let error as RecordError {
            fault = fault ?? "\(term): \(error)"
        }
    }

    /// The records of a name, none when it does not exist or cannot be a name.
    private func records(_ name: String, _ kind: DNSRecord.Kind) throws -> [DNSRecord.Data] {
        do {
            return try lookup(name, kind)
        } catch let error as ResolverError where [.noSuchName, .invalidName].contains(error.code) {
            return []
        }
    }
}

extension DNSRecord.Data {
    /// The text of a TXT record, where it is UTF-8.
    var textValue: String? {
        guard case .text(let octets) = self else { return nil }
        return String(validating: octets, as: UTF8.self)
    }

    /// The text of a TXT record that is an SPF record.
    var spfText: String? { textValue.flatMap { SPFRecord.isSPF($0) ? $0 : nil } }
}
