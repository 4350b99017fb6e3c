import Glibc
import SMTPKit

/// Tells whoever started the server that it is ready, in up to three ways.
struct ReadyAnnouncement {
    /// Whether a line for each listener goes to standard error.
    let saysLines: Bool
    /// The file that gets the port of the first TCP listener.
    let portFile: String?
    /// The descriptor that gets a newline.
    let descriptor: Int32?

    /// Announces listeners that are open.
    ///
    ///     listening smtp 127.0.0.1:2525
    ///
    /// - Throws: ``SystemError`` when the file or the descriptor cannot be written.
    func announce(_ addresses: [ListenAddress], to errors: ErrorOutput) throws {
        if let portFile, let port = addresses.firstPort { try writeWhole("\(port)\n", to: portFile) }
        if saysLines {
            for address in addresses { errors.say("listening smtp \(address)") }
            errors.flush()
        }
        if let descriptor {
            try Descriptor.write("\n", to: descriptor)
            close(descriptor)
        }
    }

    /// Replaces a file in one step: a reader sees the old content, or all of the new.
    private func writeWhole(_ text: String, to path: String) throws {
        var template = Array("\(path).XXXXXX".utf8CString)
        let file = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
        guard file >= 0 else { throw SystemError("write \(path)", errno) }
        let temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        do {
            defer { close(file) }
            try Descriptor.write(text, to: file)
            guard fchmod(file, 0o644) == 0, rename(temporary, path) == 0 else {
                throw SystemError("write \(path)", errno)
            }
        } catch {
            unlink(temporary)
            throw error
        }
    }
}

extension [ListenAddress] {
    /// The port of the first TCP listener.
    var firstPort: Int? {
        for case .tcp(_, let port) in self { return port }
        return nil
    }
}
