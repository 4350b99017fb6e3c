import Foundation
import ProcessSupport

/// An OpenSMTPD of a test's own that takes mail for `postmaster` and `abuse` of `mta.example`.
///
/// `Scripts/setup` unpacks it, since its package excludes other mail servers. It looks for its programs, its queue and
/// its users at fixed places; in a mount namespace of its own these are there. It delivers into files in ``folder``.
final class OpenSMTPDServer: Sendable {
    private let process: Companion
    let folder: TemporaryFolder
    let port: Int

    var target: String { "127.0.0.1:\(port)" }

    /// Starts it, and returns when it can be connected to.
    ///
    /// - Parameter listener: options of the listener: `tls pki stub.test`.
    init(listener: String = "", certificate: String = "") throws {
        folder = try TemporaryFolder()
        chmod(folder.path, 0o755)
        for name in ["spool", "spool/smtpd", "state", "state/opensmtpd", "state/opensmtpd/empty", "run", "mail"] {
            mkdir(folder.file(name), 0o711)
        }
        guard let nobody = getpwnam("nobody")?.pointee else { throw HarnessError("there is no user nobody") }
        chown(folder.file("mail"), nobody.pw_uid, nobody.pw_gid)
        let users = """
            root:x:0:0::/:/bin/sh
            nobody:x:\(nobody.pw_uid):\(nobody.pw_gid)::/nonexistent:/usr/sbin/nologin
            opensmtpd:x:980:980::/var/lib/opensmtpd/empty:/usr/sbin/nologin
            opensmtpq:x:981:981::/var/lib/opensmtpd/empty:/usr/sbin/nologin

            """
        try folder.write(users.utf8, to: "passwd")
        try folder.write(
            "root:x:0:\nnogroup:x:\(nobody.pw_gid):\nopensmtpd:x:980:\nopensmtpq:x:981:\n".utf8, to: "group")
        if !certificate.isEmpty {
            try folder.write(try Data(contentsOf: URL(filePath: certificate)), to: "certificate.pem")
            chmod(folder.file("certificate.pem"), 0o600)
        }
        port = try FreePort.find()
        let pem = folder.file("certificate.pem")
        let identity =
            certificate.isEmpty ? "" : "pki stub.test cert \"\(pem)\"\npki stub.test key \"\(pem)\"\n"
        try folder.write(
            (identity
                + """
                listen on 127.0.0.1 port \(port) hostname mta.example \(listener)
                table aliases { postmaster = nobody, abuse = nobody }
                action "keep" mda "cat >>\(folder.file("mail"))/received" alias <aliases>
                match from any for domain "mta.example" action "keep"

                """).utf8,
            to: "smtpd.conf")
        let words = MountNamespace.words(Self.script, [Self.unpacked, folder.path])
        process = try Companion(words[0], Array(words.dropFirst()))
        try Loopback.awaitListener(port)
    }

    deinit { kill(process.processIdentifier, SIGTERM) }

    /// Waits until its log has some text.
    func awaitLog(_ text: String) throws -> Bool {
        try Loopback.until { log.contains(text) }
    }

    /// Waits until a message was delivered that has some text.
    func awaitMail(_ text: String) throws -> Bool {
        try Loopback.until { String(decoding: folder.read("mail/received"), as: UTF8.self).contains(text) }
    }

    /// Waits until there is no message in its queue, and none was delivered.
    ///
    /// - Returns: the names of the files that stay.
    func awaitEmptyQueue() throws -> [String] {
        var names: [String] = []
        _ = try Loopback.until {
            names = ["spool/smtpd/queue", "spool/smtpd/incoming", "spool/smtpd/offline", "mail"].flatMap { queue in
                let path = folder.file(queue)
                let entries = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
                return entries.filter { entry in
                    var isFolder: ObjCBool = false
                    return FileManager.default.fileExists(atPath: "\(path)/\(entry)", isDirectory: &isFolder)
                        && !isFolder.boolValue
                }
            }
            return names.isEmpty
        }
        return names
    }

    /// The text that it has logged.
    var log: String { String(decoding: folder.read("log"), as: UTF8.self) }

    private static let unpacked = "\(BuiltTool.project)/.build-venv/opensmtpd"

    private static let script = """
        mount -t overlay -o "lowerdir=$0/usr:/usr" overlay /usr
        mount --bind "$1/passwd" /etc/passwd
        mount --bind "$1/group" /etc/group
        mount --bind "$1/spool" /var/spool
        mount --bind "$1/state" /var/lib
        mount --bind "$1/run" /run
        exec /usr/sbin/smtpd -d -f "$1/smtpd.conf" >"$1/log" 2>&1
        """
}
