import Foundation
import ProcessSupport
import SMTPKit
import Synchronization
import Testing

@Suite("Maildir and folder stores", .blocking)
struct MaildirStoreTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    private var path: String { directory.file("m") }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
    }

    @Test(arguments: [false, true])
    func `a message becomes a file in new`(synchronizes: Bool) async throws {
        let disk = Disk()
        let store = try FileStore(.maildir, path: path, adding: .none, synchronizes: synchronizes, calls: disk.calls)
        let message = Fixture.message("n: 1\r\n\r\nFrom x\r\nlone \r end", id: "A1")
        try await store.store(message)
        let name = try #require(try names("new").first)
        #expect(name.hasPrefix("1795359600.M0P\(getpid())QA1."))
        #expect(store.files?.path(of: message) == "\(path)/new/\(name)")
        #expect(directory.text("m/new/\(name)") == "n: 1\n\nFrom x\nlone \r end")
        #expect(try names("tmp").isEmpty && names("cur").isEmpty)
        var status = stat()
        #expect(stat("\(path)/new/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(disk.state.withLock { $0.syncs } == (synchronizes ? 2 : 0))
        await store.close()
    }

    @Test func `a folder has files with CRLF whose names sort`() async throws {
        let store = try FileStore.folder(path: path, adding: AddedFields(envelope: true))
        try await store.store(Fixture.message("n: 1\r\n\r\nx\r\n", id: "A1"))
        await store.close()
        #expect(try names("") == ["20261122T150000.000Z-A1.eml"])
        let text = directory.text("m/20261122T150000.000Z-A1.eml")
        #expect(text.hasPrefix("Return-Path: <joe@example.org>\r\nDelivered-To: ann@example.net\r\nReceived: from "))
        #expect(
            text.hasSuffix(
                "X-Client-Addr: 192.0.2.1\r\nX-Client-Proto: ESMTP\r\nX-Helo-Args: mail.example.org\r\n"
                    + "X-Mail-Args: <joe@example.org>\r\nX-Rcpt-Args: <ann@example.net>\r\nn: 1\r\n\r\nx\r\n"))
    }

    @Test func `a name that is taken fails the message and stays`() async throws {
        let store = try FileStore.folder(path: path, adding: .none)
        try await store.store(Fixture.message("n: 1\r\n"))
        let error = await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 2\r\n")) }
        #expect(error?.description == "\(path): cannot name a message: File exists")
        await store.close()
        #expect(try names("").count == 1)
        #expect(directory.text("m/20261122T150000.000Z-1.eml") == "n: 1\r\n")
    }

    /// Calls that file systems may not support; those that support neither cannot refuse an existing name in the same
    /// step.
    @Test(arguments: [(EINVAL, 0), (ENOSYS, 0), (EINVAL, EPERM), (EINVAL, EOPNOTSUPP)] as [(Int32, Int32)])
    func `a file system that cannot rename without replacing has messages all the same`(
        renameError: Int32, linkError: Int32
    ) async throws {
        var calls = FileCalls.withoutUnnamedFiles
        calls.rename = { _, _ in -Int(renameError) }
        if linkError != 0 { calls.link = { _, _ in -Int(linkError) } }
        let store = try FileStore(.maildir, path: path, adding: .none, calls: calls)
        try await store.store(Fixture.message("n: 1\r\n"))
        await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 2\r\n")) }
        await store.close()
        let name = try #require(try names("new").first)
        #expect(directory.text("m/new/\(name)") == "n: 1\n")
        #expect(try names("new").count == 1 && names("tmp").isEmpty)
    }

    @Test func `what does not fit leaves nothing, and what fits is stored`() async throws {
        let disk = Disk(room: 30)
        let store = try FileStore(.folder, path: path, adding: .none, calls: disk.calls)
        let long = "n: 2\r\n\r\n" + String(repeating: "x", count: 30)
        let errors = try await Fixture.storeTogether(
            [
                Fixture.message("n: 1\r\n", id: "1"), Fixture.message(long, id: "2"),
                Fixture.message("n: 3\r\n", id: "3"),
            ], in: store)
        #expect(errors[0] == nil)
        #expect((errors[1] as? StoreError)?.isFull == true)
        await store.close()
        #expect(try names("").allSatisfy { !$0.contains("-2.eml") && !$0.hasPrefix(".") })
        #expect(try names("").contains("20261122T150000.000Z-1.eml"))
    }

    @Test func `a sync that fails takes the messages back`() async throws {
        let disk = Disk()
        disk.state.withLock { $0.syncError = EIO }
        let store = try FileStore(.maildir, path: path, synchronizes: true, calls: disk.calls)
        await #expect(throws: StoreError.self) { try await store.store(Fixture.message("n: 1\r\n")) }
        await store.close()
        #expect(try names("new").isEmpty && names("tmp").isEmpty)
    }

    /// On a file system on which every file has a name.
    @Test(arguments: [true, false])
    func `what a killed server left is removed at the start, and nothing else`(isMaildir: Bool) async throws {
        let staging = isMaildir ? "m/tmp" : "m"
        try FileManager.default.createDirectory(atPath: directory.file(staging), withIntermediateDirectories: true)
        let names =
            isMaildir
            ? ["1795359600.M123456P4711QABCDEF012345.host", "1795359600.M1P1Q0.host", "1795359600.4711_1.host"]
            : [".20261122T150000.000Z-1.eml.part", ".20261122T150000.000Z-2.eml.part", ".hidden"]
        for name in names { try directory.write("\(staging)/\(name)", "half a mess") }
        // A live server has its file locked.
        let live = try Companion.python(
            """
            import fcntl, sys
            file = open(sys.argv[1], "r+")
            fcntl.lockf(file, fcntl.LOCK_EX)
            print("locked", flush=True)
            sys.stdin.read()
            """, directory.file("\(staging)/\(names[1])"))
        #expect(try await live.line() == "locked")
        let store: any MessageStore =
            try isMaildir
            ? FileStore(.maildir, path: path, calls: .withoutUnnamedFiles)
            : FileStore(.folder, path: path, calls: .withoutUnnamedFiles)
        #expect(try self.names(isMaildir ? "tmp" : "").sorted() == Array(names.dropFirst()).sorted())
        try await store.store(Fixture.message("n: 1\r\n"))
        await store.close()
        #expect(try await live.finish().status == 0)
    }

    @Test func `a large message passes through`() async throws {
        let octets = Array(String(repeating: "0123456789abcdef\r\n", count: 200_000).utf8)
        let store = try FileStore.maildir(path: path, adding: .none)
        try await store.store(try Fixture.spooled(octets))
        await store.close()
        let name = try #require(try names("new").first)
        #expect(directory.read("m/new/\(name)").count == octets.count - 200_000)
    }

    @Test func `a folder that is removed is made again`() async throws {
        let store = try FileStore.maildir(path: path, adding: .none)
        try await store.store(Fixture.message("n: 1\r\n", id: "1"))
        try FileManager.default.removeItem(atPath: path)
        try await store.store(Fixture.message("n: 2\r\n", id: "2"))
        #expect(try names("new").count == 1)
        try FileManager.default.removeItem(atPath: path)
        try directory.write("m", "a file in its place")
        let error = await #expect(throws: StoreError.self) {
            try await store.store(Fixture.message("n: 3\r\n", id: "3"))
        }
        #expect(error?.isFull == false)
        await store.close()
    }

    @Test func `a folder that cannot be is refused at once`() throws {
        #expect(throws: StoreError.self) { try FileStore.maildir(path: "/nonexistent/m") }
        try directory.write("m", "")
        #expect(throws: StoreError.self) { try FileStore.folder(path: path) }
        #expect(throws: StoreError.self) { try FileStore.maildir(path: path) }
    }

    @Test func `Python reads the Maildir, and mutt`() async throws {
        let store = try FileStore.maildir(path: path)
        let contents = ["Subject: a\r\n\r\nFrom x\r\n", "Subject: b\r\n\r\nüñí\r\n", "\r\n"]
        for (number, content) in contents.enumerated() {
            try await store.store(Fixture.message(content, id: "\(number)"))
        }
        await store.close()
        try await onThread { [path] in
            let script = """
                import mailbox, sys
                box = mailbox.Maildir(sys.argv[1], factory=None, create=False)
                for key in sorted(box.keys()):
                    message = box[key]
                    print(message.get_subdir(), message['Return-Path'], message['Subject'], message.get_payload(decode=True))
                """
            let python = try ChildProcess.run(["python3", "-c", script, path])
            #expect(
                python.output == """
                    new <joe@example.org> a b'From x\\n'
                    new <joe@example.org> b b'\\xc3\\xbc\\xc3\\xb1\\xc3\\xad\\n'
                    new <joe@example.org> None b''

                    """, "\(python.errors)")
            let copy = "\(path).copy"
            let settings =
                "set folder=\(path) mbox_type=mbox confirmcreate=no confirmappend=no quit=yes delete=no move=no"
            let mutt = try Terminal(["mutt", "-n", "-F", "/dev/null", "-f", path, "-e", settings])
            // The cursor is hidden while mutt shows its list and waits for a command.
            let steps = [
                ("[Msgs:3", "T"), ("matching: ", ".\r"), ("Tag:3", ";"), ("tag-", "C"), ("for list): ", "\(copy)\r"),
                ("\u{1B}[?25l", "q"),
            ]
            for (shown, keys) in steps {
                try mutt.wait(for: shown)
                mutt.type(keys)
            }
            #expect(try mutt.finish() == 0, "\(mutt.output)")
            let copied = String(decoding: FileManager.default.contents(atPath: copy) ?? Data(), as: UTF8.self)
            for text in ["Subject: a\n", "\nFrom x\n", "Subject: b\n", "\nüñí\n"] { #expect(copied.contains(text)) }
        }
    }
}
