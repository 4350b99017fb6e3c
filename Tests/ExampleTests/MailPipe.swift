import Foundation
import ProcessSupport

/// A mailbox that is a pipe: who reads it waits for the mail itself, and for nothing else.
final class MailPipe: Sendable {
    let path: String
    private let descriptor: Int32

    /// Makes a FIFO and opens it for reading; a writer need not wait.
    init(_ path: String) throws {
        self.path = path
        guard mkfifo(path, 0o600) == 0 else { throw HarnessError("no FIFO: \(String(cString: strerror(errno)))") }
        descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw HarnessError("\(path): \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// Reads until each of these texts has come so many times.
    func read(until marks: [String: Int]) throws -> String {
        var text = ""
        var octets: [UInt8] = []
        while marks.contains(where: { text.components(separatedBy: $0.key).count <= $0.value }) {
            let piece = try next(patience: Int32(Patience.seconds) * 1_000)
            guard !piece.isEmpty else { throw HarnessError("the mail ended before all of \(marks) came: \(text)") }
            octets += piece
            text = String(decoding: octets, as: UTF8.self)
        }
        return text
    }

    /// Returns the rest of the pipe once all writers have closed it.
    func rest() throws -> String {
        var octets: [UInt8] = []
        while case let piece = try next(patience: Int32(Patience.seconds) * 1_000), !piece.isEmpty { octets += piece }
        return String(decoding: octets, as: UTF8.self)
    }

    private func next(patience: Int32) throws -> [UInt8] {
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&question, 1, patience) == 1 else { throw HarnessError("no mail for \(patience / 1_000) seconds") }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = Foundation.read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw HarnessError("cannot read: \(String(cString: strerror(errno)))") }
        return Array(buffer.prefix(count))
    }
}
