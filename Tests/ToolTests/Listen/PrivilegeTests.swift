import Foundation
import ProcessSupport
import Testing
import TranscriptSupport

@Suite("Privileges", .blocking)
struct PrivilegeTests {
    private static let tool = BuiltTool.path("smtpd-lite")

    /// Root drops them; for others there is nothing to drop, and they are told so.
    private static let isRoot = geteuid() == 0

    @Test func `the process goes on as the user, in the folder`() throws {
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o777)
        let arguments = ["--user", "nobody", "--chroot", folder.path, "--mbox", "/sent"]
        guard Self.isRoot else {
            let result = try ChildProcess.run([Self.tool, "-l", "0"] + arguments)
            return #expect(result.status == 1 && result.errors.contains("--chroot needs root"))
        }
        let (descriptor, port) = try ListenTests.socketOnLoopback()
        defer { close(descriptor) }
        let process = try ChildProcess([Self.tool, "-l", "fd:5"] + arguments, descriptors: [5: descriptor])
        let client = try SocketClient(port: port)
        #expect(try client.reply().hasPrefix("220 "))
        let status = try String(contentsOfFile: "/proc/\(process.processID)/status", encoding: .utf8)
        let ids = status.split(separator: "\n").filter {
            $0.hasPrefix("Uid:") || $0.hasPrefix("Gid:") || $0.hasPrefix("Groups:")
        }
        #expect(ids.count == 3 && ids.allSatisfy { !$0.split(separator: "\t").dropFirst().contains("0") }, "\(ids)")
        let root = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process.processID)/root")
        #expect(root == folder.path)
        #expect(try client.deliver("Subject: x\r\n").hasPrefix("250 "))
        client.end()
        process.signal(SIGTERM)
        #expect(process.wait() == 0, "\(process.standardError)")
        #expect(try MailboxReader.messages(in: folder.file("sent")).count == 1)
        let owner = try FileManager.default.attributesOfItem(atPath: folder.file("sent"))[.ownerAccountID] as? Int
        #expect(owner == Int(getpwnam("nobody").pointee.pw_uid))
    }

    /// Without `/proc`, libdispatch ends a process in which work waits for a thread at a bad moment.
    @Test func `a server with another root starts each time`() throws {
        guard Self.isRoot else { return }
        let folder = try TemporaryFolder()
        for _ in 0..<12 {
            let (descriptor, port) = try ListenTests.socketOnLoopback()
            defer { close(descriptor) }
            let options = ["-l", "fd:5", "--chroot", folder.path, "--discard", "--sessions", "1"]
            let process = try ChildProcess([Self.tool] + options, descriptors: [5: descriptor])
            let client = try SocketClient(port: port)
            client.send("QUIT\r\n")
            #expect(try client.readToEnd().hasPrefix("220 "))
            #expect(process.wait() == 0, "\(process.standardError)")
        }
    }

    /// Root may write everywhere, so another has to try.
    @Test(arguments: ["--maildir", "--dir"])
    func `a folder that becomes read-only is told, and written to when it is not any more`(option: String) throws {
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o777)
        let (descriptor, port) = try ListenTests.socketOnLoopback()
        defer { close(descriptor) }
        let user = Self.isRoot ? ["--user", "nobody"] : []
        let process = try ChildProcess(
            [Self.tool, "-l", "fd:5", "--quiet", option, folder.file("out")] + user, descriptors: [5: descriptor])
        let client = try SocketClient(port: port)
        #expect(try client.reply().hasPrefix("220 "))
        let written = option == "--maildir" ? "out/tmp" : "out"
        for (mode, reply) in [(0o700, "250 "), (0o500, "451 4.3.0 "), (0o700, "250 ")] as [(mode_t, String)] {
            #expect(chmod(folder.file(written), mode) == 0)
            #expect(try client.deliver("Subject: x\r\n").hasPrefix(reply))
        }
        client.end()
        process.signal(SIGTERM)
        #expect(process.wait() == 0)
        let kept = option == "--maildir" ? "out/new" : "out"
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file(kept)).count == 2)
    }

    @Test(arguments: [
        (["--user", "no-such-user"], "no user no-such-user"),
        (["--chroot", "/nonexistent"], "cannot make /nonexistent"),
    ])
    func `what cannot be done is told`(arguments: [String], reason: String) throws {
        let result = try ChildProcess.run([Self.tool, "-l", "0", "--discard"] + arguments)
        #expect(result.status == 1)
        #expect(result.errors.contains(Self.isRoot ? reason : "\(arguments[0]) needs root"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func `others than root are refused with the reason`() throws {
        let words = [Self.tool, "-l", "0", "--discard", "--user", "root"]
        let asNobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        let result = try ChildProcess.run((Self.isRoot ? asNobody : []) + words)
        #expect(result.status == 1)
        #expect(result.errors.contains("--user needs root"), "\(result.errors)")
    }
}
