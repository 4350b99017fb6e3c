import CommandLineSupport
import Glibc
import SMTPTLS

/// Files of certificates and keys that the command line names.
enum PEMFile {
    /// The largest file, in bytes.
    private static let largest = 4 << 20

    /// The source for a path. A file that can be read once only, such as a FIFO, is read now, in the poll loop.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when it cannot be read, ``Dialogue/Interruption``.
    static func source(_ path: String) throws -> PEMSource {
        // For a path that does not exist, TLS says so.
        if [0, S_IFREG, S_IFDIR].contains(kind(path)) { return .file(path) }
        return .bytes(try FileReader(path: path).readAll(limit: largest))
    }

    /// The source for certificates of authorities: those of a file, or of all files of a folder.
    ///
    /// - Throws: as ``source(_:)``, and ``CommandLineSupport/ValueError`` for a folder without certificates.
    static func authorities(_ path: String) throws -> PEMSource {
        guard isFolder(path) else { return try source(path) }
        guard let folder = opendir(path) else { throw SystemError("open", path: path, errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
        var octets: [UInt8] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            // Entries that are no file, or hold no certificate, do not matter.
            guard isRegular("\(path)/\(name)"),
                let content = try? FileReader(path: "\(path)/\(name)").readAll(limit: 1 << 20),
                content.firstRange(of: Array("-----BEGIN CERTIFICATE-----".utf8)) != nil
            else { continue }
            octets += content + [10]
        }
        guard !octets.isEmpty else { throw ValueError("\(path): no file of this folder holds a certificate") }
        return .bytes(octets)
    }

    private static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }
    private static func isRegular(_ path: String) -> Bool { kind(path) == S_IFREG }

    private static func kind(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }
}
