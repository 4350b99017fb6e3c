import CommandLineSupport
import Glibc

/// Files that are written as a whole.
enum WholeFile {
    /// Replaces a file in one step: a reader sees the old content, or all of the new.
    ///
    /// - Throws: ``SystemError``.
    static func write(_ text: String, to path: String) throws {
        let (file, temporary) = try make("\(path).XXXXXX", for: path)
        do {
            defer { close(file) }
            try Descriptor.write(text, to: file)
            guard fchmod(file, 0o644) == 0, rename(temporary, path) == 0 else {
                throw SystemError("write", path: path, errno)
            }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Writes a new file in the folder for temporary ones. It goes with the process.
    ///
    /// - Returns: its path.
    /// - Throws: ``SystemError``.
    static func writeTemporary(_ text: String, suffix: String) throws -> String {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let (file, path) = try make("\(folder)/smtpd-lite-XXXXXX\(suffix)", suffix: suffix, for: folder)
        defer { close(file) }
        ProcessEnd.removeThen(path)
        try Descriptor.write(text, to: file)
        return path
    }

    /// Makes a file with a name that no other has.
    private static func make(_ template: String, suffix: String = "", for path: String) throws -> (Int32, String) {
        var template = Array(template.utf8CString)
        let file = template.withUnsafeMutableBufferPointer { name in
            name.baseAddress.map { mkstemps($0, Int32(suffix.utf8.count)) } ?? -1
        }
        guard file >= 0 else { throw SystemError("write", path: path, errno) }
        return (file, String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
