import Foundation
import NIOCore
import ProcessSupport
import SMTPKit
import Testing

@Suite("Command store", .blocking)
struct CommandStoreTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    private func shell(_ script: String, parallelism: Int = 4, timeout: Duration = .seconds(60)) throws
        -> CommandStore
    {
        try CommandStore(
            ["/bin/sh", "-c", script, "sh", directory.path], parallelism: parallelism, timeout: timeout, adding: .none)
    }

    @Test func `the message is on the input, and the envelope in the environment`() async throws {
        let store = try shell(
            "cat > $1/message; env > $1/environment; echo $$ >> $1/environment; ls /proc/$$/fd > $1/descriptors")
        var message = Fixture.message("n: 1\r\n\r\nFrom x\r\n", id: "A1")
        message.envelope.recipients.append(message.envelope.recipients[0])
        message.peer.username = "ann"
        try await store.store(message)
        await store.close()
        #expect(directory.text("message") == "n: 1\n\nFrom x\n")
        let environment = directory.text("environment")
        for line in [
            "SMTP_QUEUE_ID=A1", "SMTP_SENDER=joe@example.org", "SMTP_RECIPIENTS=ann@example.net\nann@example.net",
            "SMTP_SIZE=16",
            "SMTP_PROTOCOL=ESMTPA", "SMTP_HELO=mail.example.org", "SMTP_CLIENT_ADDRESS=192.0.2.1",
            "SMTP_CLIENT_PORT=1025",
            "SMTP_USER=ann",
        ] {
            #expect("\n\(environment)".contains("\n\(line)\n"), "\(line)")
        }
        #expect(environment.contains("PATH="))
        // Its input, output and errors, and what it reads the list with.
        #expect(
            Set(directory.text("descriptors").split(separator: "\n")).isSubset(of: ["0", "1", "2", "3", "10", "255"]))
    }

    @Test(arguments: [
        (64, "554 5.3.0"), (65, "554 5.6.0"), (66, "554 5.3.0"), (67, "550 5.1.1"), (68, "550 5.1.2"),
        (69, "554 5.3.0"),
        (70, "554 5.3.0"), (71, "554 5.3.0"), (72, "554 5.3.0"), (73, "554 5.2.0"), (74, "554 5.3.0"),
        (75, "451 4.3.0"),
        (76, "554 5.5.0"), (77, "550 5.7.0"), (78, "554 5.3.5"),
    ])
    func `a status of the mail system is a reply`(status: Int, reply: String) async throws {
        let store = try shell("exit \(status)")
        let error = await #expect(throws: Reply.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(error?.description.hasPrefix("\(reply) ") == true)
        await store.close()
    }

    @Test(arguments: [
        ("exit 1", "ended with status 1"), ("exit 79", "ended with status 79"), ("exit 127", "ended with status 127"),
        ("kill -9 $$", "signal 9 ended it"),
    ])
    func `any other end fails the message`(script: String, reason: String) async throws {
        let store = try shell(script)
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(error?.reason == reason)
        #expect(error?.isFull == false)
        await store.close()
    }

    @Test func `a command that hangs is ended with all that it started`() async throws {
        // Whatever the command starts has the FIFO open for writing.
        try #require(mkfifo(directory.file("alive"), 0o600) == 0)
        let alive = open(directory.file("alive"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(alive) }
        let store = try shell(
            "exec 9>$1/alive; trap '' TERM; sleep 1000 & wait; wait; sleep 1000", timeout: .seconds(2))
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        #expect(error?.reason == "was ended: it ran for more than 2.0 s")
        var question = pollfd(fd: alive, events: Int16(POLLIN), revents: 0)
        #expect(poll(&question, 1, Int32(Patience.seconds) * 1_000) == 1)
        #expect(question.revents & Int16(POLLHUP) != 0)
        await store.close()
    }

    @Test func `only so many run at a time, and each message has its own`() async throws {
        let store = try shell(
            "n=$(cat); mkdir $1/busy || exit 1; echo \"$n\" >> $1/seen; rmdir $1/busy", parallelism: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                group.addTask { try await store.store(Fixture.message("n: \(number)\r\n", id: "\(number)")) }
            }
            try await group.waitForAll()
        }
        await store.close()
        #expect(Set(directory.text("seen").split(separator: "\n")).count == 10)
    }

    @Test func `input that is not read, and a large one that is, hold nothing up`() async throws {
        let octets = Array(String(repeating: "0123456789abcdef\r\n", count: 100_000).utf8)
        let idle = try shell("exit 0")
        try await idle.store(try Fixture.spooled(octets))
        await idle.close()
        let counting = try shell("wc -c > $1/count")
        try await counting.store(try Fixture.spooled(octets))
        await counting.close()
        #expect(directory.text("count") == "\(octets.count - 100_000)\n")
    }

    @Test func `closing ends what runs`() async throws {
        let store = try shell("touch $1/started; sleep 1000")
        // A child task of the test runs on the test's executor, and does not wait for other tests.
        async let storing: Void = store.store(Fixture.message("n: 1\r\n"))
        let folder = directory
        try await onThread { try folder.wait(for: "started") }
        await store.close()
        var failure: (any Error)?
        do { try await storing } catch { failure = error }
        #expect(failure is StoreError)
    }

    @Test func `a program that is not there is told at once`() {
        #expect(throws: StoreError.self) { try CommandStore(["/nonexistent/program"]) }
        #expect(throws: StoreError.self) { try CommandStore(["no-such-program-anywhere"]) }
        #expect(throws: StoreError.self) { try CommandStore([]) }
    }

    @Test func `more recipients than a variable holds come in a file`() async throws {
        let store = try shell("sort -u <\"$SMTP_RECIPIENTS_FILE\" >$1/recipients")
        var message = Fixture.message("n: 1\r\n")
        let mailbox = Mailbox(localPart: String(repeating: "x", count: 60), domain: .name("example.net"))
        message.envelope.recipients = Array(repeating: Envelope.Recipient(.mailbox(mailbox)), count: 2000)
        try await store.store(message)
        await store.close()
        #expect(directory.text("recipients") == "\(mailbox)\n")
    }
}
