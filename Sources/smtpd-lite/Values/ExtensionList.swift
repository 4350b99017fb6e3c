import CommandLineSupport
import SMTPKit

/// Extensions on the command line: `PIPELINING,SIZE`.
enum ExtensionList {
    /// The extensions that a text names, in any case of letters.
    static func parse(_ text: String) throws -> Set<ServiceExtension> {
        try parse(text, among: ServiceExtension.allCases)
    }

    /// The same for extensions that are not offered unless asked for.
    static func parsePromises(_ text: String) throws -> Set<ServiceExtension> {
        try parse(text, among: ServiceExtension.allCases.filter(ServiceExtension.promises.contains))
    }

    private static func parse(_ text: String, among all: [ServiceExtension]) throws -> Set<ServiceExtension> {
        var extensions: Set<ServiceExtension> = []
        for name in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let known = ServiceExtension(rawValue: name.uppercased()), all.contains(known) else {
                let names = all.map(\.rawValue).joined(separator: ", ")
                throw ValueError("the extensions are \(names), joined by commas")
            }
            extensions.insert(known)
        }
        return extensions
    }
}
