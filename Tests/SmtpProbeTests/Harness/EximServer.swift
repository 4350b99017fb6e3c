import Foundation
import ProcessSupport

/// An Exim that takes mail on a free port, started for each connection as by inetd: it cannot let the system pick a
/// port itself.
///
/// It queues the mail that it receives, has no user named `nobody`, and lets `ann` log in with `sesame` inside TLS.
final class EximServer: Sendable {
    private let place: EximFolder
    private let listener: Companion
    let port: Int

    var target: String { "127.0.0.1:\(port)" }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - settings: main options that replace the usual ones of the same name.
    ///   - recipients: the access rules for recipients.
    static func start(
        certificate: String, settings: [String: String] = [:],
        recipients: String = "deny local_parts = nobody\n       message = no such mailbox\n  accept"
    ) async throws -> EximServer {
        let usual = [
            "rfc1413_query_timeout": "0s", "tls_advertise_hosts": "*", "tls_certificate": certificate,
            "tls_privatekey": certificate, "chunking_advertise_hosts": "*", "dsn_advertise_hosts": "*",
            "auth_advertise_hosts": "${if def:tls_in_cipher{*}}",
        ]
        let main = usual.merging(settings) { $1 }.map { "\($0.key) = \($0.value)\n" }.sorted().joined()
        let place = try EximFolder(
            main + #"""
                queue_only
                acl_smtp_rcpt = rcpt
                acl_smtp_data = accept
                begin acl
                rcpt:
                  \#(recipients)
                begin routers
                all:
                  driver = accept
                  transport = file
                begin transports
                file:
                  driver = appendfile
                  file = /dev/null
                begin authenticators
                plain:
                  driver = plaintext
                  public_name = PLAIN
                  server_prompts = :
                  server_condition = ${if and{{eq{$auth2}{ann}}{eq{$auth3}{sesame}}}}
                  server_set_id = $auth2

                """#)
        let words = ["env"] + place.environment.map { "\($0.key)=\($0.value)" } + place.words + ["-bs"]
        let listener = try Companion("python3", ["-c", script] + words)
        guard let port = Int(try await listener.line()) else { throw HarnessError("the listener has no port") }
        return EximServer(place, listener, port)
    }

    private init(_ place: EximFolder, _ listener: Companion, _ port: Int) {
        self.place = place
        self.listener = listener
        self.port = port
    }

    /// The contents of its log.
    var log: String { place.log }

    /// Waits until there is no message in its queue: those of transactions that were broken off go away by themselves.
    ///
    /// - Returns: the names of the files that stay.
    func awaitEmptyQueue() throws -> [String] {
        var names: [String] = []
        _ = try Loopback.until {
            let path = place.folder.file("spool/input")
            names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
            return names.isEmpty
        }
        return names
    }

    /// The content of a message in its queue, with LF line ends.
    func content(of queueID: String) -> String {
        let text = String(decoding: place.folder.read("spool/input/\(queueID)-D"), as: UTF8.self)
        // The first line is the name of the file.
        return text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).last.map(String.init) ?? ""
    }

    private static let script = """
        import os, socket, sys, threading
        s = socket.create_server(('127.0.0.1', 0))
        print(s.getsockname()[1], flush=True)
        def accept():
            while True:
                c = s.accept()[0]
                os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ,
                    file_actions=[(os.POSIX_SPAWN_DUP2, c.fileno(), n) for n in (0, 1)])
                c.close()
        threading.Thread(target=accept, daemon=True).start()
        sys.stdin.read()
        os._exit(0)
        """
}
