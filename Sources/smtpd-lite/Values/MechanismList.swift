import CommandLineSupport
import SMTPKit

/// Mechanisms of AUTH on the command line: `PLAIN,SCRAM-SHA-256`.
enum MechanismList {
    /// The mechanisms that a text names, in any case of letters, in the order given and each once.
    static func parse(_ text: String) throws -> [SASLMechanism] {
        var mechanisms: [SASLMechanism] = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let known = SASLMechanism(name: name) else {
                let names = SASLMechanism.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValueError("the mechanisms are \(names), joined by commas")
            }
            if !mechanisms.contains(known) { mechanisms.append(known) }
        }
        return mechanisms
    }
}
