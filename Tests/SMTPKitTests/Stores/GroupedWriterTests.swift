import NIOCore
import NIOPosix
import ProcessSupport
import SMTPCore
import Synchronization
import Testing

@testable import SMTPKit

@Suite("Grouped writer", .blocking)
struct GroupedWriterTests {
    /// Records the calls of a target.
    private final class Journal: Sendable {
        struct State {
            var groups: [[String]] = []
            var mayWait: [Bool] = []
            var rollbacks = 0
        }

        let state = Mutex(State())
        /// An element for each time that the target rested.
        let rests = AsyncStream.makeStream(of: Void.self)

        var groups: [[String]] { state.withLock { $0.groups } }

        /// Waits until the target rested.
        func rested() async { for await _ in rests.stream { return } }
    }

    /// Answers groups as a test says, and writes nothing.
    private final class ScriptedTarget: GroupTarget {
        let path = "scripted"
        let reversal = Reversal.removal
        let isHolding: Bool
        private let journal: Journal
        private let answer: @Sendable (_ group: [String], _ mayWait: Bool, _ attempt: Int) -> GroupOutcome
        private var attempts = 0

        init(
            _ journal: Journal, isHolding: Bool = false,
            _ answer: @escaping @Sendable ([String], Bool, Int) -> GroupOutcome
        ) {
            self.journal = journal
            self.isHolding = isHolding
            self.answer = answer
        }

        func append(_ group: [PendingMessage], mayWait: Bool) -> GroupOutcome {
            let names = group.map { "\($0.message.id)" }
            attempts += 1
            journal.state.withLock {
                $0.groups.append(names)
                $0.mayWait.append(mayWait)
            }
            return answer(names, mayWait, attempts)
        }

        func takeBack() { journal.state.withLock { $0.rollbacks += 1 } }

        func rest() { journal.rests.continuation.yield() }
    }

    private let journal = Journal()

    private func writer(
        isHolding: Bool = false, alwaysWaits: Bool = false,
        _ answer: @escaping @Sendable ([String], Bool, Int) -> GroupOutcome = { _, _, _ in .stored }
    ) -> GroupedWriter {
        GroupedWriter(ScriptedTarget(journal, isHolding: isHolding, answer), alwaysWaits: alwaysWaits)
    }

    /// Stores messages in one turn of an event loop; returns the reason of each failure.
    private func store(_ names: [String], in writer: GroupedWriter) async throws -> [String?] {
        let eventLoop = Fixture.eventLoop
        return try await eventLoop.flatSubmit {
            EventLoopFuture.whenAllComplete(
                names.map { writer.store(Fixture.message("", id: $0), on: eventLoop) }, on: eventLoop)
        }.get().map { result in
            switch result {
            case .success: nil
            case .failure(let error): (error as? StoreError)?.reason ?? "\(error)"
            }
        }
    }

    @Test func `messages of one turn of the loop are one group, written on the loop`() async throws {
        let writer = writer()
        #expect(try await store(["1", "2", "3"], in: writer) == [nil, nil, nil])
        #expect(journal.groups == [["1", "2", "3"]])
        #expect(journal.state.withLock { $0.mayWait } == [false])
        await writer.close()
    }

    @Test func `each message gets the error of its own`() async throws {
        let error = StoreError(.full, path: "scripted", reason: "full")
        let writer = writer { group, _, _ in .mixed(group.map { $0 == "2" ? error : nil }) }
        #expect(try await store(["1", "2", "3"], in: writer) == [nil, "full", nil])
        await writer.close()
    }

    @Test func `a group that has to wait is given to a thread`() async throws {
        let writer = writer { _, mayWait, _ in mayWait ? .stored : .needsToWait }
        #expect(try await store(["1", "2"], in: writer) == [nil, nil])
        #expect(journal.groups == [["1", "2"], ["1", "2"]])
        #expect(journal.state.withLock { $0.mayWait } == [false, true])
        await writer.close()
    }

    @Test func `a writer that always waits never writes on the loop`() async throws {
        let writer = writer(alwaysWaits: true)
        #expect(try await store(["1"], in: writer) == [nil])
        #expect(journal.state.withLock { $0.mayWait } == [true])
        await writer.close()
    }

    @Test func `a group that yields is tried again, before later messages`() async throws {
        let writer = writer { _, _, attempt in attempt == 1 ? .yields(.milliseconds(1)) : .stored }
        #expect(try await store(["1", "2"], in: writer) == [nil, nil])
        #expect(journal.groups == [["1", "2"], ["1", "2"]])
        await writer.close()
    }

    @Test func `a task's message is written by a thread, and the target rests at once`() async throws {
        let writer = writer(isHolding: true)
        try await writer.store(Fixture.message("", id: "1"))
        #expect(journal.state.withLock { $0.mayWait } == [true])
        await journal.rested()
        await writer.close()
    }

    @Test func `a target that holds locks rests after the last group without another call`() async throws {
        let writer = writer(isHolding: true)
        #expect(try await store(["1"], in: writer) == [nil])
        await journal.rested()
        await writer.close()
    }

    @Test func `a closed writer refuses messages and names the place`() async throws {
        let writer = writer()
        await writer.close()
        #expect(try await store(["1"], in: writer) == ["the store is closed"])
        let error = await #expect(throws: StoreError.self) { try await writer.store(Fixture.message("")) }
        #expect(error?.code == .closed)
        #expect(error?.path == "scripted")
        #expect(journal.groups.isEmpty)
    }

    @Test func `messages from many loops and tasks are each stored once`() async throws {
        let writer = writer { _, mayWait, attempt in mayWait || attempt % 3 != 0 ? .stored : .needsToWait }
        let group = MultiThreadedEventLoopGroup.singleton
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<200 {
                let message = Fixture.message("", id: "\(number)")
                let eventLoop = group.next()
                tasks.addTask {
                    if number.isMultiple(of: 5) {
                        try await writer.store(message)
                    } else {
                        try await eventLoop.flatSubmit { writer.store(message, on: eventLoop) }.get()
                    }
                }
            }
            try await tasks.waitForAll()
        }
        await writer.close()
        // A group that had to wait is seen twice, once for each attempt.
        let stored = zip(journal.groups, journal.state.withLock { $0.mayWait }).enumerated().flatMap { index, call in
            call.1 || (index + 1) % 3 != 0 ? call.0 : []
        }
        #expect(stored.sorted() == (0..<200).map { "\($0)" }.sorted())
    }
}
