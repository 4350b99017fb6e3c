import ArgumentParser
import CommandLineSupport

/// As whom the process runs, and what it sees.
struct ProcessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Go on as this user once the listeners are open, before any output is; for root.", valueName: "name"),
        transform: Self.parseUser)
    var user: String?

    @Option(
        help: ArgumentHelp(
            "Make DIR the root folder before outputs are opened: their paths are paths in it; for root.",
            valueName: "dir"),
        completion: .directory, transform: FileName.parse)
    var chroot: String?

    @Flag(help: "Show every option; --help shows the usual ones.")
    var helpAll = false

    /// The privileges to give up.
    var privileges: Privileges { Privileges(folder: chroot, user: user) }

    private static func parseUser(_ text: String) throws -> String {
        guard !text.isEmpty, !text.utf8.contains(0) else { throw ValueError("the name of a user is wanted") }
        return text
    }
}
