import Foundation
import ProcessSupport

/// A Postfix of a test's own that listens on 127.0.0.1, knows `postmaster` and `abuse` of `mta.example`, and trusts no
/// client.
final class PostfixServer: Sendable {
    private let folder: TemporaryFolder
    let port: Int

    var target: String { "127.0.0.1:\(port)" }

    /// Starts it.
    ///
    /// - Parameter settings: lines of `main.cf`.
    init(certificate: String, _ settings: [String] = []) throws {
        folder = try TemporaryFolder()
        for name in ["etc", "queue", "data"] { mkdir(folder.file(name), 0o755) }
        // Its daemons are other users.
        chmod(folder.path, 0o755)
        guard let user = getpwnam("postfix")?.pointee else { throw HarnessError("there is no user postfix") }
        chown(folder.file("data"), user.pw_uid, user.pw_gid)
        port = try FreePort.find()
        let main = """
            compatibility_level = 3.6
            queue_directory = \(folder.file("queue"))
            data_directory = \(folder.file("data"))
            maillog_file = \(folder.file("log"))
            maillog_file_prefixes = \(folder.path)
            myhostname = mta.example
            mydestination = mta.example
            mynetworks = 192.0.2.0/24
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            disable_dns_lookups = yes
            alias_maps =
            local_recipient_maps = inline:{postmaster=x, abuse=x}
            smtpd_tls_security_level = may
            smtpd_tls_cert_file = \(certificate)
            smtpd_tls_key_file = \(certificate)

            """
        try folder.write((main + settings.joined(separator: "\n") + "\n").utf8, to: "etc/main.cf")
        let services = """
            \(port) inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            tlsmgr unix - - n 1000? 1 tlsmgr
            anvil unix - - n - 1 anvil
            error unix - - n - - error
            postlog unix-dgram n - n - 1 postlogd

            """
        try folder.write(services.utf8, to: "etc/master.cf")
        let result = try ChildProcess.run(["postfix", "-c", folder.file("etc"), "start"])
        guard result.status == 0 else { throw HarnessError("postfix: \(result.output)\(result.errors)") }
    }

    deinit { _ = try? ChildProcess.run(["postfix", "-c", folder.file("etc"), "stop"]) }

    /// Waits until there is no message in its queues: those of transactions that were broken off go away by themselves.
    ///
    /// - Returns: the names of those that stay.
    func awaitEmptyQueues() throws -> [String] {
        let patience = ContinuousClock.now + .seconds(Patience.seconds)
        var names = queued
        while !names.isEmpty, ContinuousClock.now < patience {
            sched_yield()
            names = queued
        }
        return names
    }

    /// Waits until so many messages are in the log.
    ///
    /// - Returns: the number of messages that are.
    func awaitLoggedMessages(_ count: Int) throws -> Int {
        let patience = ContinuousClock.now + .seconds(Patience.seconds)
        var found = 0
        repeat {
            let log = String(decoding: folder.read("log"), as: UTF8.self)
            found = log.split(separator: "\n").count { $0.contains("/cleanup[") && $0.contains(" message-id=<") }
            sched_yield()
        } while found < count && ContinuousClock.now < patience
        return found
    }

    private var queued: [String] {
        ["incoming", "active", "deferred", "hold", "maildrop"].flatMap { queue in
            let path = folder.file("queue/\(queue)")
            let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
            return names.filter { name in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                    && !isFolder.boolValue
            }
        }
    }
}
