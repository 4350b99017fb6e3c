extension Check {
    /// All checks, in the order in which they run. A check may rely on what those before it have learnt.
    static let catalogue: [Check] =
        domain + stsDomain + [connect] + greeting + capabilities + names + startTLS + tlsStrength + dane + stsServer
        + certificates
        + relay + users + extensions + states + pipelining + authentication + bareLines + smuggling + replyCodes

    /// The server can be reached at all. It is judged by ``CheckRun``, which makes the first connection.
    static let connect = Check(
        "connect", .protocol, "The server can be connected to", rfc: ["5321 §3.1"], run: { $0.facts },
        judge: { (facts: ServerFacts, _) in
            if let problem = facts.connectProblem, facts.address == nil {
                return .fail("\(problem)", fix: "See whether the server runs, and a firewall lets its port through.")
            }
            return .pass(facts.address ?? "")
        })

    /// The checks that words of `--only` or `--skip` name: identifiers, families and groups.
    ///
    /// - Throws: ``UnknownCheck`` for the first word that names none.
    static func named(_ words: [String]) throws -> Set<String> {
        var ids: Set<String> = []
        for word in words {
            let found = catalogue.filter { $0.id == word || $0.family == word || $0.group.rawValue == word }
            guard !found.isEmpty else { throw UnknownCheck(word: word) }
            ids.formUnion(found.map(\.id))
        }
        return ids
    }

    /// The checks that `--only` and `--skip` leave.
    static func selected(only: [String], skip: [String]) throws -> [Check] {
        let wanted = only.isEmpty ? nil : try named(only)
        let unwanted = try named(skip)
        return catalogue.filter { wanted?.contains($0.id) != false && !unwanted.contains($0.id) }
    }
}

/// A word that names no check.
struct UnknownCheck: Error, CustomStringConvertible {
    let word: String

    /// How many names are suggested.
    private static let suggestions = 3

    var description: String {
        let names = Set(Check.catalogue.flatMap { [$0.id, $0.family, $0.group.rawValue] })
        let near = names.map { (name: $0, distance: Self.distance(word, $0)) }
            .filter { $0.distance <= max(2, word.count / 3) || $0.name.hasPrefix(word) }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(Self.suggestions).map(\.name)
        let hint = near.isEmpty ? "smtp-probe check --list shows all" : "near it: \(near.joined(separator: ", "))"
        return "there is no check or group '\(word)' (\(hint))"
    }

    /// How many characters have to be changed, left out or added.
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.lowercased().prefix(40)), Array(b))
        var row = Array(0...b.count)
        for (i, character) in a.enumerated() {
            var previous = row[0]
            row[0] = i + 1
            for j in b.indices {
                let cost = character == b[j] ? previous : previous + 1
                previous = row[j + 1]
                row[j + 1] = min(cost, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}
