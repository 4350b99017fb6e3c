import Foundation
package import Testing

/// Runs something that blocks on a thread of its own, so that other tests go on.
///
/// It is still the test's own task, so what is expected there is expected by the test.
package func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async rethrows -> Result {
    try await withTaskExecutorPreference(ThreadExecutor.shared) { try body() }
}

/// Runs each job on a new thread.
private final class ThreadExecutor: TaskExecutor {
    static let shared = ThreadExecutor()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Runs every test of a suite as ``onThread(_:)`` would: for suites whose tests wait for programs.
///
/// Some at a time: a program that has to share the processor with hundreds is not done in time.
package struct ThreadTrait: SuiteTrait, TestTrait, TestScoping {
    private static let places = DispatchSemaphore(value: 8)

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(ThreadExecutor.shared) {
            Self.takePlace()
            defer { Self.places.signal() }
            try await function()
        }
    }

    /// Blocks a thread that the test has for itself.
    private static func takePlace() { places.wait() }
}

extension Trait where Self == ThreadTrait {
    /// The tests block, so each gets a thread of its own.
    package static var blocking: Self { Self() }
}
