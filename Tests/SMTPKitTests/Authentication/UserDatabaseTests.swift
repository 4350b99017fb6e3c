import Foundation
import ProcessSupport
import SMTPCore
import SMTPTLS
import Testing

@testable import SMTPKit

@Suite("User database", .timed)
struct UserDatabaseTests {
    /// All of the password "wonderland", made by `openssl passwd` and `crypt(3)`.
    static let hashes = [
        "$2y$05$abcdefghijklmnopqrstuuA0vov2GDneHB3.8.cv9UF9g.RdvScIW",
        "$6$Us18n4IrpxWe9n0L$7D/CHWp6XtqLtCTroDiLsBl51DQJYaIGRcj9PXRq6D59DGAhd5o07SN4oekmKBhbHi4yZjSnSkkzUMTL.sAZL/",
        "$5$.4g77NmZZr3cqBkU$XPq9BTVtvCqzUrzBoBQgQEhdsEcsnxQQNBadoP2l.uC",
        "$apr1$FYRKvBd6$NDNQ6UZxs34l2EQCPp8Mu0",
        "{SHA}tiY7sUhYKUwI5L3866kDY+ENcrQ=",
        "wonderland",
    ]

    private func database(_ text: String) throws -> UserDatabase {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try UserDatabase.file(path)
    }

    @Test(arguments: hashes)
    func `a password is checked against its hash`(hash: String) async throws {
        let database = try database("# users\n\nbob:{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=\r\nalice:\(hash)\n")
        #expect(await database.answer(.password(user: "alice", actingAs: nil, Secret("wonderland"))) == .accepted)
        for wrong in ["", "wonderlanD", "wonderland2", "wonderland\0", hash] where wrong != "wonderland" {
            #expect(await database.answer(.password(user: "alice", actingAs: nil, Secret(wrong))) == .refused)
        }
        #expect(await database.answer(.password(user: "carol", actingAs: nil, Secret("wonderland"))) == .refused)
        #expect(await database.answer(.password(user: "alice", actingAs: "bob", Secret("wonderland"))) == .refused)
        #expect(await database.answer(.token(user: "alice", Secret("wonderland"))) == .accepted)
    }

    @Test
    func `challenges work where the passwords are kept as they are`() throws {
        let hashed = try database("alice:{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=\n")
        #expect(hashed.supports(.plain) && !hashed.supports(.cramMD5) && !hashed.supports(.scramSHA256))
        #expect(hashed.decide(.secret(user: "alice", actingAs: nil, .cramMD5)) == .refused)
        let plain = try database("alice:wonderland\n")
        #expect(plain.supports(.scramSHA256Plus))
        #expect(
            plain.decide(.secret(user: "alice", actingAs: nil, .scramSHA256)) == .password(Secret("wonderland"))
        )
        #expect(plain.decide(.secret(user: "bob", actingAs: nil, .scramSHA256)) == .refused)
    }

    @Test(arguments: [
        ("alice", 1), ("alice:", 1), (":hash", 1), ("alice:x\nbob:{SSHA}abc", 2), ("alice:$9$abc$def", 1),
        ("alice:{SHA}short", 1), ("alice:x\nalice:y", 2), ("alice:$apr1$abc", 1),
    ])
    func `a line that cannot be used is named, and not shown`(text: String, line: Int) throws {
        #expect {
            try database(text)
        } throws: { error in
            guard let error = error as? UserDatabaseError, error.code == .malformedLine else { return false }
            return error.line == line && !"\(error)".contains("abc") && "\(error)".contains("line \(line)")
        }
    }

    @Test(arguments: ["/nonexistent/htpasswd", "/", "/dev/zero"])
    func `a file that cannot be read is named`(path: String) {
        #expect {
            try UserDatabase.file(path)
        } throws: { error in
            let error = error as? UserDatabaseError
            return error?.code == .unreadableFile && error?.path == path
        }
    }

    @Test
    func `one user is known by name and password`() async {
        let database = UserDatabase.user("alice", password: Secret("won:der"))
        let password = SASLAnswer.password(Secret("won:der"))
        #expect(await database.answer(.password(user: "alice", actingAs: nil, Secret("x"))) == password)
        #expect(database.decide(.password(user: "bob", actingAs: nil, Secret("won:der"))) == .refused)
        #expect(database.decide(.secret(user: "alice", actingAs: "bob", .scramSHA1)) == .refused)
        #expect(database.decide(.token(user: nil, Secret("won:der"))) == .acceptedAs("alice"))
        #expect(database.decide(.token(user: nil, Secret("won:de"))) == .refused)
        #expect(database.decide(.external(subject: "CN=alice,O=X", actingAs: nil)) == .acceptedAs("alice"))
        #expect(database.decide(.external(subject: "CN=alice,O=X", actingAs: "bob")) == .refused)
        #expect(database.decide(.external(subject: "CN=bob", actingAs: "alice")) == .refused)
        var dumped = ""
        dump(database, to: &dumped)
        #expect(!dumped.contains("won:der") && !"\(database)".contains("won:der"))
    }

    @Test
    func `anyone may be anybody`() {
        let database = UserDatabase.anyone
        #expect(database.decide(.password(user: "x", actingAs: "y", Secret("z"))) == .accepted)
        #expect(database.supports(.cramMD5) && !database.supports(.scramSHA256))
    }
}
