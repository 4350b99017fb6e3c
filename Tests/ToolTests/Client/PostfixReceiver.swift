import Foundation
import ProcessSupport
import TranscriptSupport

/// Postfix's `smtpd` on a port of 127.0.0.1, with TLS and AUTH: it throws away what it takes. Its configuration, its
/// queue and its logs are in a temporary folder.
final class PostfixReceiver: Sendable {
    let port: Int
    let folder: TemporaryFolder
    private let users: ScriptedServer
    private var configuration: String { folder.file("etc") }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - certificates: where `server.pem` and `server.key` are.
    ///   - settings: more lines of its configuration, which win.
    init(_ certificates: TestCertificates, settings: [String] = []) throws {
        folder = certificates.folder
        for name in ["etc", "queue", "data"] { mkdir(folder.file(name), 0o755) }
        // Its daemons are other users.
        chmod(folder.path, 0o755)
        guard let user = getpwnam("postfix") else { throw HarnessError("there is no user postfix") }
        chown(folder.file("data"), user.pointee.pw_uid, user.pointee.pw_gid)
        users = try Self.userDatabase()
        port = try FreePort.find()
        let main = """
            compatibility_level = 3.6
            queue_directory = \(folder.file("queue"))
            data_directory = \(folder.file("data"))
            maillog_file = \(folder.file("log"))
            maillog_file_prefixes = \(folder.path)
            myhostname = mta.example
            mydestination =
            mynetworks =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            disable_dns_lookups = yes
            alias_maps =
            local_recipient_maps =
            default_transport = discard
            smtpd_relay_restrictions = permit_sasl_authenticated, reject
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = \(folder.file("server.pem"))
            smtpd_tls_key_file = \(folder.file("server.key"))
            smtpd_tls_auth_only = yes
            smtpd_sasl_auth_enable = yes
            smtpd_sasl_type = dovecot
            smtpd_sasl_path = inet:127.0.0.1:\(users.port)

            """
        let text = main + settings.map { "\($0)\n" }.joined()
        try folder.write(text.utf8, to: "etc/main.cf")
        let services = """
            127.0.0.1:\(port) inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            tlsmgr unix - - n 1000? 1 tlsmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            discard unix - - n - - discard
            error unix - - n - - error
            retry unix - - n - - error
            anvil unix - - n - 1 anvil
            postlog unix-dgram n - n - 1 postlogd

            """
        try folder.write(services.utf8, to: "etc/master.cf")
        let result = try ChildProcess.run(["postfix", "-c", configuration, "start"])
        guard result.status == 0 else { throw HarnessError("postfix: \(result.output)\(result.errors)") }
    }

    deinit { _ = try? ChildProcess.run(["postfix", "-c", configuration, "stop"]) }

    /// The contents of its log.
    var log: String { String(decoding: folder.read("log"), as: UTF8.self) }

    /// Says yes to `alice` with the password `secret`, in the protocol of Dovecot's authentication service.
    private static func userDatabase() throws -> ScriptedServer {
        let expected = Data("\0alice\0secret".utf8).base64EncodedString()
        return try ScriptedServer { client in
            client.send("VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t0\nDONE\n")
            while let line = try client.readLine() {
                let words = line.split(separator: "\t").map(String.init)
                guard words.first == "AUTH", words.count > 1 else { continue }
                let isGood = words.contains("resp=\(expected)")
                client.send(isGood ? "OK\t\(words[1])\tuser=alice\n" : "FAIL\t\(words[1])\n")
            }
        }
    }
}
