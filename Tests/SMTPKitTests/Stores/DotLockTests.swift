import Glibc
import ProcessSupport
import Testing

@testable import SMTPKit

@Suite("Dotlock", .blocking)
struct DotLockTests {
    let directory: Directory

    init() throws { directory = try Directory() }

    private static let record = AppendRecord(
        process: 4711, host: "mx.example", mailbox: FileIdentity(device: 1, inode: 2))

    /// The result of an attempt as a word that can be compared.
    private static func word(_ attempt: DotLock.Attempt) -> String {
        switch attempt {
        case .taken: "taken"
        case .exists: "exists"
        case .failed(let errorNumber): "failed \(errorNumber)"
        case .blocked(let reason): "blocked: \(reason)"
        }
    }

    private static let withoutUnnamedFiles = FileCalls.withoutUnnamedFiles

    @Test(arguments: [true, false])
    func `a lock has its whole text when its name appears, and is removed on release`(hasUnnamed: Bool) throws {
        var lock = DotLock(
            for: directory.file("m"), calls: hasUnnamed ? .system : Self.withoutUnnamedFiles)
        let taken = Self.word(lock.take(Self.record))
        #expect(taken == "taken")
        #expect(directory.read("m.lock") == Self.record.text)
        lock.release()
        #expect(try directory.names.isEmpty)
    }

    @Test func `a lock that is not released ends with its value`() throws {
        do {
            var lock = DotLock(for: directory.file("m"), calls: .system)
            _ = lock.take(Self.record)
            #expect(try directory.names == ["m.lock"])
        }
        #expect(try directory.names.isEmpty)
    }

    @Test(arguments: [true, false])
    func `the holder of an existing lock is read, and the lock is kept`(hasUnnamed: Bool) throws {
        try directory.write("m.lock", " 4711:other.example\n")
        var lock = DotLock(
            for: directory.file("m"), calls: hasUnnamed ? .system : Self.withoutUnnamedFiles)
        let attempt = Self.word(lock.take(Self.record))
        #expect(attempt == "exists")
        let holder = lock.holder()
        #expect(holder?.process == 4711)
        #expect(holder?.host == "other.example")
        #expect(holder?.record == nil)
        lock.release()
        #expect(directory.text("m.lock") == " 4711:other.example\n")
    }

    @Test(arguments: ["0\n", "-1\n", "", "mutt\n", "99999999999\n"])
    func `a lock without a process number has no process`(text: String) throws {
        try directory.write("m.lock", text)
        let lock = DotLock(for: directory.file("m"), calls: .system)
        let holder = lock.holder()
        #expect(holder != nil)
        #expect(holder?.process == nil)
    }

    @Test func `an announcement changes the numbers alone`() throws {
        var lock = DotLock(for: directory.file("m"), calls: .system)
        _ = lock.take(Self.record)
        var record = Self.record
        record.goodLength = 100
        record.reach = 250
        record.isUnfinished = true
        let errorNumber = lock.announce(record)
        #expect(errorNumber == 0)
        #expect(directory.read("m.lock") == record.text)
        let other = DotLock(for: directory.file("m"), calls: .system)
        let seen = other.holder()?.record
        #expect(seen == record)
    }

    @Test func `an announcement that cannot be written reports the error`() throws {
        var calls = FileCalls.system
        calls.writeAt = { descriptor, octets, offset in
            offset > 0 ? -Int(ENOSPC) : FileCalls.system.writeAt(descriptor, octets, offset)
        }
        var lock = DotLock(for: directory.file("m"), calls: calls)
        _ = lock.take(Self.record)
        let errorNumber = lock.announce(Self.record)
        #expect(errorNumber == ENOSPC)
    }

    @Test(arguments: [true, false])
    func `a lock that cannot be written leaves no file`(hasUnnamed: Bool) throws {
        var calls = hasUnnamed ? FileCalls.system : Self.withoutUnnamedFiles
        calls.writeAt = { _, _, _ in -Int(ENOSPC) }
        var lock = DotLock(for: directory.file("m"), calls: calls)
        let attempt = Self.word(lock.take(Self.record))
        #expect(attempt == "failed \(ENOSPC)")
        #expect(try directory.names.isEmpty)
    }

    @Test func `a folder and a link to nothing block the lock`() throws {
        var lock = DotLock(for: directory.file("m"), calls: .system)
        #expect(mkdir(directory.file("m.lock"), 0o700) == 0)
        let folder = Self.word(lock.take(Self.record))
        #expect(folder == "blocked: is a folder")
        #expect(rmdir(directory.file("m.lock")) == 0)
        #expect(symlink("nothing", directory.file("m.lock")) == 0)
        let link = Self.word(lock.take(Self.record))
        #expect(link == "blocked: is a symbolic link to nothing")
    }

    @Test func `only the lock that was looked at is broken`() throws {
        try directory.write("m.lock", "1\n")
        let lock = DotLock(for: directory.file("m"), calls: .system)
        let holder = lock.holder()
        let first = try #require(holder)
        // The first file is kept under another name, so that its number is not used again.
        #expect(rename(directory.file("m.lock"), directory.file("old")) == 0)
        try directory.write("m.lock", "2\n")
        lock.breakLock(of: first)
        #expect(directory.text("m.lock") == "2\n")
        let next = lock.holder()
        lock.breakLock(of: try #require(next))
        #expect(try directory.names == ["old"])
    }

    @Test func `a lock that another process replaced is not removed`() throws {
        var lock = DotLock(for: directory.file("m"), calls: .system)
        _ = lock.take(Self.record)
        #expect(rename(directory.file("m.lock"), directory.file("old")) == 0)
        try directory.write("m.lock", "2\n")
        lock.release()
        #expect(directory.text("m.lock") == "2\n")
    }

    @Test(arguments: [("m", "."), ("/m", "/"), ("/var/mail/ann", "/var/mail"), ("a/b", "a")])
    func `the directory of a path`(path: String, directory: String) {
        #expect(DotLock.directory(of: path) == directory)
    }
}
