import Foundation
import NIOCore
import NIOPosix
import SMTPKit
import Synchronization
import Testing

/// A directory of a test's own, gone with the last reference to it.
final class Directory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("stores-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file(name)))) }

    func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

/// Runs what blocks on a thread of its own: the tasks of all tests share as few threads as there are cores.
func offPool<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: body()) }
    }
}

/// A program that runs beside the test, and is talked to by lines.
final class Companion: @unchecked Sendable {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ program: String, _ arguments: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// Runs a Python program; `$1` and so on are in `sys.argv`.
    static func python(_ script: String, _ arguments: String...) throws -> Companion {
        try Companion("python3", ["-c", script] + arguments)
    }

    /// Waits for a line, which every script writes without buffering.
    func line() async -> String {
        await offPool {
            var line: [UInt8] = []
            while let octet = self.output.fileHandleForReading.readData(ofLength: 1).first, octet != 10 {
                line.append(octet)
            }
            return String(decoding: line, as: UTF8.self)
        }
    }

    func say(_ text: String) { input.fileHandleForWriting.write(Data("\(text)\n".utf8)) }

    var processIdentifier: Int32 { process.processIdentifier }

    /// Closes its input, and waits for its end.
    func finish() async -> (status: Int32, output: [UInt8]) {
        await offPool {
            try? self.input.fileHandleForWriting.close()
            let rest = self.output.fileHandleForReading.readDataToEndOfFile()
            self.process.waitUntilExit()
            return (self.process.terminationStatus, Array(rest))
        }
    }
}

enum Fixture {
    static let noon = Timestamp(seconds: 1_795_359_600)
    static let fromLine = "From joe@example.org Sun Nov 22 15:00:00 2026\n"

    static func message(_ content: MessageContent, id: String = "1") -> Message {
        let joe = Mailbox(localPart: "joe", domain: .name("example.org"))
        let ann = Mailbox(localPart: "ann", domain: .name("example.net"))
        return Message(
            envelope: Envelope(reversePath: .mailbox(joe), recipients: [Envelope.Recipient(.mailbox(ann))]),
            peer: Peer(
                address: .ip("192.0.2.1", port: 1025),
                heloName: "mail.example.org",
                heloVerb: .ehlo,
                serverName: "mx.example.net"
            ),
            id: QueueID(rawValue: id),
            receivedAt: noon,
            content: content
        )
    }

    static func message(_ text: String, id: String = "1") -> Message { message(.memory(Array(text.utf8)), id: id) }

    static func spooled(_ octets: [UInt8]) throws -> Message {
        let file = try SpoolFile()
        try file.append(octets.span)
        return message(.spooled(file))
    }

    /// What a message without trace fields becomes.
    static func stored(_ lines: String) -> String { fromLine + lines + "\n" }

    /// Stores messages in one tick of an event loop, so that they make one group.
    static func storeTogether(_ messages: [Message], in store: some MessageStore) async throws -> [(any Error)?] {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        return try await eventLoop.flatSubmit {
            EventLoopFuture.whenAllComplete(messages.map { store.store($0, on: eventLoop) }, on: eventLoop)
        }.get().map { result in
            switch result {
            case .success: nil
            case .failure(let error): error
            }
        }
    }
}

/// A disk of a given size that counts what is asked of it.
final class Disk: Sendable {
    struct State {
        var room: Int
        var writes = 0
        var syncs = 0
        var truncationError: Int32 = 0
        var syncError: Int32 = 0
        var writeError = ENOSPC
    }

    let state: Mutex<State>

    init(room: Int = .max) { state = Mutex(State(room: room)) }

    var calls: FileCalls {
        FileCalls(
            write: { descriptor, octets in
                let (part, error) = self.state.withLock { state in
                    state.writes += 1
                    let part = min(octets.count, state.room)
                    state.room -= part
                    return (part, state.writeError)
                }
                guard part > 0 || octets.isEmpty else { return -Int(error) }
                return FileCalls.system.write(descriptor, UnsafeRawBufferPointer(rebasing: octets[..<part]))
            },
            truncate: { descriptor, length in
                let error = self.state.withLock { $0.truncationError }
                guard error == 0 else { return -Int(error) }
                let before = lseek(descriptor, 0, SEEK_END)
                self.state.withLock { $0.room += Int(before) - Int(length) }
                return FileCalls.system.truncate(descriptor, length)
            },
            synchronize: { descriptor in
                let error = self.state.withLock { state in
                    state.syncs += 1
                    return state.syncError
                }
                return error == 0 ? FileCalls.system.synchronize(descriptor) : -Int(error)
            }
        )
    }
}

/// Set once, and looked at from elsewhere.
final class Ended: Sendable {
    private let flag = Atomic<Bool>(false)

    func set() { flag.store(true, ordering: .releasing) }

    var isSet: Bool { flag.load(ordering: .acquiring) }
}
