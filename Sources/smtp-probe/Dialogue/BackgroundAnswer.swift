import CommandLineSupport
import Glibc
import SMTPKit
import Synchronization

/// The result of a blocking call, which runs on a thread of its own.
///
/// The caller does not have to wait for it: a result that comes too late is discarded.
final class BackgroundAnswer<Value: Sendable>: Sendable {
    private let shared: Shared
    /// Becomes readable when there is an answer.
    let descriptor: Int32

    /// Begins the call.
    ///
    /// - Throws: ``SystemError`` when there can be no thread.
    init(_ body: @escaping @Sendable () throws(ResolverError) -> Value) throws {
        let ends = try PipeEnds()
        descriptor = ends.reading
        let shared = Shared(ends.writing)
        self.shared = shared
        try BackgroundThread { shared.fill(Result { () throws(ResolverError) in try body() }) }.start()
    }

    deinit { close(descriptor) }

    /// The answer, once there is one.
    var result: Result<Value, ResolverError>? { shared.result.withLock { $0 } }

    /// The place that both threads know.
    private final class Shared: Sendable {
        let result = Mutex<Result<Value, ResolverError>?>(nil)
        private let pipe: Int32

        init(_ pipe: Int32) { self.pipe = pipe }

        deinit { close(pipe) }

        func fill(_ value: Result<Value, ResolverError>) {
            result.withLock { $0 = value }
            // The reader may be gone.
            var octet: UInt8 = 1
            _ = write(pipe, &octet, 1)
        }
    }
}

/// A thread of its own for something that blocks.
final class BackgroundThread: Sendable {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// Begins.
    ///
    /// - Throws: ``SystemError`` when there can be no thread.
    func start() throws {
        let work = Unmanaged.passRetained(self)
        var thread: pthread_t = 0
        let error = pthread_create(
            &thread, nil,
            { raw in
                if let raw { Unmanaged<BackgroundThread>.fromOpaque(raw).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard error == 0 else {
            work.release()
            throw SystemError("begin a thread", error)
        }
        pthread_detach(thread)
    }
}
