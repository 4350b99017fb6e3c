import Foundation

/// The files that an Exim of a test's own needs: users, a queue and logs in a temporary folder, and the configuration
/// that names them.
///
/// The binary is unpacked by `Scripts/setup`. It is built for a user of a certain name, who must not be root; a wrapper
/// of the C library makes that user the one named `nobody`.
package final class EximFolder: Sendable {
    package static let program = "\(BuiltTool.project)/.build-venv/exim/usr/sbin/exim4"

    package let folder: TemporaryFolder

    /// Makes the folder.
    ///
    /// - Parameter configuration: what follows the main options that are about the folder.
    package init(_ configuration: String) throws {
        folder = try TemporaryFolder()
        chmod(folder.path, 0o755)
        guard let nobody = getpwnam("nobody")?.pointee else { throw HarnessError("there is no user nobody") }
        try folder.write(
            "root:x:0:0::/:/bin/sh\nDebian-exim:x:\(nobody.pw_uid):\(nobody.pw_gid)::/:/bin/false\n".utf8, to: "passwd")
        try folder.write("root:x:0:\nDebian-exim:x:\(nobody.pw_gid):\nmail:x:8:\n".utf8, to: "group")
        for name in ["spool", "log"] {
            mkdir(folder.file(name), 0o755)
            chown(folder.file(name), nobody.pw_uid, nobody.pw_gid)
        }
        let main = """
            exim_path = \(Self.program)
            primary_hostname = mta.example
            spool_directory = \(folder.file("spool"))
            log_file_path = \(folder.file("log"))/%slog
            keep_environment = LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
            disable_ipv6

            """
        try folder.write((main + configuration).utf8, to: "configuration")
    }

    /// The program and the options that name its configuration.
    package var words: [String] { [Self.program, "-C", folder.file("configuration")] }

    /// The variables that its environment needs.
    package var environment: [String: String] {
        [
            "LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_PASSWD": folder.file("passwd"),
            "NSS_WRAPPER_GROUP": folder.file("group"),
        ]
    }

    /// The contents of its log.
    package var log: String { String(decoding: folder.read("log/mainlog"), as: UTF8.self) }
}
