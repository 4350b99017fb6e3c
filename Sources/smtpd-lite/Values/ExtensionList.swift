import CommandLineSupport
import SMTPKit

/// Extensions on the command line: `PIPELINING,SIZE`.
enum ExtensionList {
    /// The extensions that a text names, in any case of letters.
    static func parse(_ text: String) throws -> Set<ServiceExtension> {
        var extensions: Set<ServiceExtension> = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let known = ServiceExtension(rawValue: name.uppercased()) else {
                let names = ServiceExtension.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValueError("the extensions are \(names), joined by commas")
            }
            extensions.insert(known)
        }
        return extensions
    }
}
