import Dispatch
import Glibc

/// Threads that are there from the start on, or not at all.
package enum SystemThread {
    /// Starts a thread.
    ///
    /// - Throws: ``SystemError`` when the system grants no thread.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let box = Unmanaged.passRetained(Box(body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let errorNumber = pthread_create(&thread, &attributes, run, box.toOpaque())
        guard errorNumber == 0 else {
            box.release()
            throw SystemError("start a thread", errorNumber)
        }
    }

    /// Sees whether a number of threads can be had at a time.
    ///
    /// - Throws: ``SystemError`` when not.
    package static func require(_ count: Int) throws(SystemError) {
        let enough = Signal()
        let ended = Signal()
        var started = 0
        var failure: SystemError?
        for _ in 0..<count {
            do throws(SystemError) {
                try start {
                    enough.wait()
                    ended.send()
                }
                started += 1
            } catch {
                failure = error
                break
            }
        }
        for _ in 0..<started { enough.send() }
        for _ in 0..<started { ended.wait() }
        if let failure { throw failure }
    }

    /// Something that a thread waits for.
    package final class Signal: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)

        /// Makes one that nothing waits for.
        package init() {}

        /// Waits until ``send()`` is called.
        package func wait() { semaphore.wait() }

        /// Lets one thread that waits go on, or the next that comes.
        package func send() { semaphore.signal() }
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
        return nil
    }
}
