import Foundation

/// A program that runs beside the test, and is talked to by lines.
package final class Companion: Sendable {
    private let process: ChildProcess
    private let input = Pipe()
    private let output = Pipe()

    /// Starts a program, which has to be declared in `Scripts/setup`, with a pipe to its standard input and one from
    /// its standard output.
    package init(_ program: String, _ arguments: [String] = []) throws {
        // Saying something to a program that has ended is no reason to end the tests.
        signal(SIGPIPE, SIG_IGN)
        let descriptors: [Int32: Int32] = [
            0: input.fileHandleForReading.fileDescriptor, 1: output.fileHandleForWriting.fileDescriptor,
        ]
        process = try ChildProcess([program] + arguments, descriptors: descriptors)
        // The program has them now, and the end of its output can be seen.
        try input.fileHandleForReading.close()
        try output.fileHandleForWriting.close()
    }

    /// Runs a Python program; the arguments are in `sys.argv`, from 1 on.
    package static func python(_ script: String, _ arguments: String...) throws -> Companion {
        try Companion("python3", ["-c", script] + arguments)
    }

    package var processIdentifier: Int32 { process.processID }

    /// Writes a line to its standard input.
    package func say(_ text: String) { try? input.fileHandleForWriting.write(contentsOf: Data("\(text)\n".utf8)) }

    /// Waits for a line, which the program has to write without buffering.
    ///
    /// - Returns: the line without its end, or what came before the program's output ended.
    package func line() async throws -> String {
        try await onThread {
            var line: [UInt8] = []
            while let octet = try self.read(1).first, octet != 10 { line.append(octet) }
            return String(decoding: line, as: UTF8.self)
        }
    }

    /// Closes its input, and waits for its end.
    ///
    /// - Returns: its exit status, and what it wrote that was not read as a line.
    package func finish() async throws -> (status: Int32, output: [UInt8]) {
        try await onThread {
            try self.input.fileHandleForWriting.close()
            var output: [UInt8] = []
            while case let piece = try self.read(1 << 16), !piece.isEmpty { output += piece }
            return (self.process.wait(), output)
        }
    }

    /// Reads some bytes, none at the end.
    private func read(_ count: Int) throws -> [UInt8] {
        let descriptor = output.fileHandleForReading.fileDescriptor
        var question = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&question, 1, Int32(Patience.seconds) * 1_000) == 1 else {
            throw HarnessError("a program said nothing for \(Patience.seconds) seconds")
        }
        var octets = [UInt8](repeating: 0, count: count)
        let length = Foundation.read(descriptor, &octets, count)
        guard length >= 0 else { throw HarnessError("cannot read: \(String(cString: strerror(errno)))") }
        return Array(octets.prefix(length))
    }
}
