import Foundation
import ProcessSupport

/// A Dovecot of a test's own: LMTP for `ann`, `bob`, `postmaster` and `abuse` on a UNIX socket, and submission for
/// `ann` with the password `sesame`.
///
/// What is submitted, it passes on to another server.
final class DovecotServer: Sendable {
    private let process: Companion
    private let folder: TemporaryFolder
    private let port: Int

    /// The server for submission. Of a client at another address it asks for TLS before AUTH.
    var target: String { "127.0.0.1:\(port)" }
    /// The server for LMTP.
    var lmtp: String { "unix:\(folder.file("base/lmtp"))" }

    /// Starts it, and returns when it can be connected to.
    ///
    /// - Parameter relay: the port that submitted mail is passed on to.
    init(certificate: String, relay: Int) throws {
        folder = try TemporaryFolder()
        chmod(folder.path, 0o755)
        guard let nobody = getpwnam("nobody")?.pointee else { throw HarnessError("there is no user nobody") }
        mkdir(folder.file("mail"), 0o755)
        chown(folder.file("mail"), nobody.pw_uid, nobody.pw_gid)
        let ids = "\(nobody.pw_uid):\(nobody.pw_gid)"
        let home = folder.file("mail")
        let users = ["ann:{PLAIN}sesame", "bob:{PLAIN}open", "postmaster:", "abuse:"].map {
            "\($0):\(ids)::\(home):::\n"
        }
        try folder.write(users.joined().utf8, to: "users")
        chmod(folder.file("users"), 0o644)
        port = try FreePort.find()
        try folder.write(
            """
            protocols = lmtp submission
            base_dir = \(folder.file("base"))
            state_dir = \(folder.file("state"))
            log_path = \(folder.file("log"))
            ssl = required
            ssl_cert = <\(certificate)
            ssl_key = <\(certificate)
            mail_location = maildir:\(folder.file("mail"))/%u
            first_valid_uid = 1
            hostname = mta.example
            auth_username_format = %n
            auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
            auth_failure_delay = 0
            submission_relay_host = 127.0.0.1
            submission_relay_port = \(relay)
            passdb {
              driver = passwd-file
              args = \(folder.file("users"))
            }
            userdb {
              driver = passwd-file
              args = \(folder.file("users"))
            }
            service submission-login {
              inet_listener submission {
                address = 127.0.0.1
                port = \(port)
              }
              inet_listener submissions {
                port = 0
              }
            }
            service stats {
              unix_listener stats-writer {
                mode = 0666
              }
            }
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }

            """.utf8, to: "dovecot.conf")
        process = try Companion(
            "sh", ["-c", "exec dovecot -F -c \"$0\" 2>&1", folder.file("dovecot.conf")])
        try Loopback.awaitListener(port)
    }

    deinit { kill(process.processIdentifier, SIGTERM) }

    /// Waits until its log has some text.
    func awaitLog(_ text: String) throws -> Bool { try Loopback.until { log.contains(text) } }

    /// The text that it has logged.
    var log: String { String(decoding: folder.read("log"), as: UTF8.self) }

    /// The messages of a user.
    func mail(of user: String) throws -> [String] {
        let path = folder.file("mail/\(user)/new")
        return try FileManager.default.contentsOfDirectory(atPath: path).map {
            try String(contentsOfFile: "\(path)/\($0)", encoding: .utf8)
        }
    }
}
