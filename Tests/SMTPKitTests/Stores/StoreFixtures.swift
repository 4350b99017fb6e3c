import Foundation
import NIOCore
import NIOPosix
import ProcessSupport
import SMTPKit
import Synchronization
import Testing

/// A directory of a test's own, gone with the last reference to it.
typealias Directory = TemporaryFolder

extension Directory {
    func text(_ name: String) -> String { String(decoding: read(name), as: UTF8.self) }

    func write(_ name: String, _ text: String) throws { try write(text.utf8, to: name) }
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

    /// Returns the stored form of a message without trace fields.
    static func stored(_ lines: String) -> String { fromLine + lines + "\n" }

    /// An event loop that all tests share.
    static var eventLoop: any EventLoop { MultiThreadedEventLoopGroup.singleton.any() }

    /// Stores messages in one tick of an event loop, so that they make one group.
    static func storeTogether(_ messages: [Message], in store: some MessageStore) async throws -> [(any Error)?] {
        let eventLoop = eventLoop
        return try await eventLoop.flatSubmit {
            EventLoopFuture.whenAllComplete(messages.map { store.forSessions.store($0, on: eventLoop) }, on: eventLoop)
        }.get().map { result in
            switch result {
            case .success: nil
            case .failure(let error): error
            }
        }
    }
}

extension FileCalls {
    /// Those of a file system, such as NFS, on which every file has a name.
    static var withoutUnnamedFiles: FileCalls {
        var calls = FileCalls.system
        calls.open = { file, flags, mode in
            let unnamed: Int32 = 0o20000000
            return flags & unnamed != 0 ? -Int(EOPNOTSUPP) : FileCalls.system.open(file, flags, mode)
        }
        return calls
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
        var calls = FileCalls.system
        calls.write = { descriptor, octets in
            let (part, error) = self.state.withLock { state in
                state.writes += 1
                let part = min(octets.count, state.room)
                state.room -= part
                return (part, state.writeError)
            }
            guard part > 0 || octets.isEmpty else { return -Int(error) }
            return FileCalls.system.write(descriptor, UnsafeRawBufferPointer(rebasing: octets[..<part]))
        }
        calls.truncate = { descriptor, length in
            let error = self.state.withLock { $0.truncationError }
            guard error == 0 else { return -Int(error) }
            let before = lseek(descriptor, 0, SEEK_END)
            self.state.withLock { $0.room += Int(before) - Int(length) }
            return FileCalls.system.truncate(descriptor, length)
        }
        calls.synchronize = { descriptor in
            let error = self.state.withLock { state in
                state.syncs += 1
                return state.syncError
            }
            return error == 0 ? FileCalls.system.synchronize(descriptor) : -Int(error)
        }
        return calls
    }
}

/// Set once, and looked at from elsewhere.
final class Ended: Sendable {
    private let flag = Atomic<Bool>(false)

    func set() { flag.store(true, ordering: .releasing) }

    var isSet: Bool { flag.load(ordering: .acquiring) }
}
