import Foundation
import Synchronization
package import Testing

/// Every suite has it: a test begins when it has a place, has the time that ``limit`` is, and says how long it took.
///
/// Some at a time: a test that has to share the processor with thousands is not done in time.
package struct PlaceTrait: SuiteTrait, TestTrait, TestScoping {
    /// Seconds that a test may take from when it has its place; only a hang takes them.
    ///
    /// `TEST_LIMIT` sets another, for tests that are told to do much more than usual.
    package static let limit = ProcessInfo.processInfo.environment["TEST_LIMIT"].flatMap { Int($0) } ?? 300

    /// Whether the tests block, so that each gets a thread of its own.
    let blocks: Bool
    /// Seconds for tests that need more than others.
    var limit = Self.limit

    private static let computing = Places(4)
    private static let blocking = Places(8)

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let places = blocks ? Self.blocking : Self.computing
        await places.take()
        defer { places.giveBack() }
        let watch = watch(test)
        defer { watch.cancel() }
        let start = ContinuousClock.now
        if blocks {
            try await withTaskExecutorPreference(ThreadExecutor.shared) { try await function() }
        } else {
            try await function()
        }
        TestTimes.shared?.add(ContinuousClock.now - start, of: test.sourceLocation.fileID)
    }

    /// A test that hangs cannot be told to stop, so it stops all, and has its name said.
    private func watch(_ test: Test) -> DispatchWorkItem {
        let watch = DispatchWorkItem { [limit] in
            let text = "error: \(test.sourceLocation): '\(test.displayName ?? test.name)' ran for \(limit) seconds\n"
            FileHandle.standardError.write(Data(text.utf8))
            exit(1)
        }
        DispatchQueue(label: "watch").asyncAfter(deadline: .now() + .seconds(limit), execute: watch)
        return watch
    }
}

extension Trait where Self == PlaceTrait {
    /// The tests block, so each gets a thread of its own.
    package static var blocking: Self { Self(blocks: true) }

    /// The tests block, and may take so many seconds, because they compile much.
    package static func blocking(seconds: Int) -> Self { Self(blocks: true, limit: seconds) }

    /// The tests compute, or await what they wait for.
    package static var timed: Self { Self(blocks: false) }
}

/// Places for some tests at a time, in the order in which they come.
private final class Places: Sendable {
    private let state: Mutex<(free: Int, waiting: [CheckedContinuation<Void, Never>], next: Int)>

    init(_ count: Int) { state = Mutex((count, [], 0)) }

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.next < state.waiting.count else {
                state.free += 1
                return nil
            }
            state.next += 1
            return state.waiting[state.next - 1]
        }
        next?.resume()
    }
}
