import Foundation
import ProcessSupport

/// A Postfix of the test's own: its configuration, its queue and its logs are in a temporary folder. It has no
/// listener; mail comes in through its `sendmail`.
final class Postfix: Sendable {
    private let folder: TemporaryFolder
    private var configuration: String { folder.file("etc") }

    /// Starts it.
    ///
    /// - Parameter settings: lines of `main.cf`, such as `relayhost = [127.0.0.1]:2525`.
    init(_ settings: [String]) throws {
        folder = try TemporaryFolder()
        for name in ["etc", "queue", "data"] { mkdir(folder.file(name), 0o755) }
        // Its daemons are other users.
        chmod(folder.path, 0o755)
        guard let user = getpwnam("postfix") else { throw HarnessError("there is no user postfix") }
        chown(folder.file("data"), user.pointee.pw_uid, user.pointee.pw_gid)
        let main = """
            compatibility_level = 3.6
            queue_directory = \(folder.file("queue"))
            data_directory = \(folder.file("data"))
            maillog_file = \(folder.file("log"))
            maillog_file_prefixes = \(folder.path)
            myhostname = mta.example
            mydestination =
            mynetworks = 127.0.0.0/8
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            disable_dns_lookups = yes
            alias_maps =
            local_recipient_maps =

            """
        try folder.write((main + settings.joined(separator: "\n") + "\n").utf8, to: "etc/main.cf")
        let services = """
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            smtp unix - - n - - smtp
            lmtp unix - - n - - lmtp
            error unix - - n - - error
            retry unix - - n - - error
            showq unix n - n - - showq
            postlog unix-dgram n - n - 1 postlogd

            """
        try folder.write(services.utf8, to: "etc/master.cf")
        try run(["postfix", "-c", configuration, "start"])
    }

    deinit { _ = try? ChildProcess.run(["postfix", "-c", configuration, "stop"]) }

    /// Puts messages into its queue: one dialogue for all of them.
    func send(_ messages: [MailTransaction]) throws {
        let dialogue = "EHLO client.example\r\n" + messages.map(\.dialogue).joined()
        let said = try run(["sendmail", "-C", configuration, "-bs"], dialogue + "QUIT\r\n")
        let queued = said.components(separatedBy: "250 2.0.0 Ok: queued").count - 1
        guard queued == messages.count else { throw HarnessError("\(queued) were queued: \(said)") }
    }

    /// Waits until its queue is empty.
    func waitUntilIdle() throws {
        let patience = ContinuousClock.now + .seconds(Patience.seconds)
        while case let queue = try run(["postqueue", "-c", configuration, "-p"]), !queue.contains("queue is empty") {
            guard ContinuousClock.now < patience else { throw HarnessError("mail waits: \(queue)\(log)") }
        }
    }

    /// The contents of its log.
    var log: String { String(decoding: folder.read("log"), as: UTF8.self) }

    /// Ends it; what is being delivered is delivered.
    func stop() throws { try run(["postfix", "-c", configuration, "stop"]) }

    @discardableResult
    private func run(_ words: [String], _ input: String = "") throws -> String {
        let result = try ChildProcess.run(words, input: Array(input.utf8))
        guard result.status == 0 else {
            throw HarnessError("\(words[0]) ended with \(result.status): \(result.output)\(result.errors)")
        }
        return result.output
    }
}
