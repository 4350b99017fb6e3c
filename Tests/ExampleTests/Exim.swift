import Foundation
import ProcessSupport

/// An Exim of the test's own, which passes everything on to one port in chunks (RFC 3030): its configuration, its queue and
/// its logs are in a temporary folder.
final class Exim: Sendable {
    private let folder: TemporaryFolder
    private let program = "\(BuiltTool.project)/.build-venv/exim/usr/sbin/exim4"

    init(port: Int) throws {
        folder = try TemporaryFolder()
        chmod(folder.path, 0o755)
        // It is built for a user of this name, who must not be root; the wrapper makes one of nobody.
        guard let nobody = getpwnam("nobody")?.pointee else { throw HarnessError("there is no user nobody") }
        try folder.write(
            "root:x:0:0::/:/bin/sh\nDebian-exim:x:\(nobody.pw_uid):\(nobody.pw_gid)::/:/bin/false\n".utf8, to: "passwd")
        try folder.write("root:x:0:\nDebian-exim:x:\(nobody.pw_gid):\nmail:x:8:\n".utf8, to: "group")
        for name in ["spool", "log"] {
            mkdir(folder.file(name), 0o755)
            chown(folder.file(name), nobody.pw_uid, nobody.pw_gid)
        }
        let configuration = """
            exim_path = \(program)
            primary_hostname = mta.example
            spool_directory = \(folder.file("spool"))
            log_file_path = \(folder.file("log"))/%slog
            keep_environment = LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
            local_from_check = false
            disable_ipv6
            begin routers
            all:
              driver = manualroute
              route_list = * 127.0.0.1
              self = send
              transport = remote
            begin transports
            remote:
              driver = smtp
              port = \(port)
              allow_localhost
              hosts_try_chunking = *

            """
        try folder.write(configuration.utf8, to: "configuration")
    }

    /// Puts messages, with LF line ends, into its queue.
    func send(_ messages: [MailTransaction]) throws {
        try run(["-bS", "-odq"], messages.map(\.dialogue).joined())
    }

    /// Delivers what is in its queue, and returns when it has tried all of it.
    func deliver() throws { try run(["-q"]) }

    /// What it has logged.
    var log: String { String(decoding: folder.read("log/mainlog"), as: UTF8.self) }

    private func run(_ arguments: [String], _ input: String = "") throws {
        let environment = [
            "LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_PASSWD": folder.file("passwd"),
            "NSS_WRAPPER_GROUP": folder.file("group"),
        ]
        let result = try ChildProcess.run(
            [program, "-C", folder.file("configuration")] + arguments, input: Array(input.utf8),
            environment: environment)
        guard result.status == 0 else {
            throw HarnessError("exim ended with \(result.status): \(result.output)\(result.errors)\(log)")
        }
    }
}
