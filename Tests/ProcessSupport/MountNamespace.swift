import Foundation

/// Programs that see file systems of their own, which are gone when they end.
package enum MountNamespace {
    /// Returns the words that run a shell script in a mount namespace of its own. Its mounts stay in there.
    ///
    /// After a change of root, as in a clean system for a trial, `/` is no mount point. The propagation of its mounts
    /// cannot be changed there and has to be private already.
    ///
    /// - Parameters:
    ///   - script: the script, which ends at its first error.
    ///   - arguments: `$0`, `$1` and so on.
    package static func words(_ script: String, _ arguments: [String]) -> [String] {
        // Another user than root maps itself to root in a user namespace.
        let user = geteuid() == 0 ? [] : ["--map-root-user"]
        return ["unshare"] + user + ["--mount", "--propagation", "unchanged", "sh", "-ec"]
            + ["mount --make-rprivate / 2>/dev/null || true\n\(script)"] + arguments
    }
}
