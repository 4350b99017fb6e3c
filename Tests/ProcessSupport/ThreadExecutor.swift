import Foundation

/// Runs something that blocks on a thread of its own, so that other tests go on.
///
/// It is still the test's own task, so what is expected there is expected by the test.
package func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async rethrows -> Result {
    try await withTaskExecutorPreference(ThreadExecutor.shared) { try body() }
}

/// Runs each job on a new thread.
final class ThreadExecutor: TaskExecutor {
    static let shared = ThreadExecutor()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
