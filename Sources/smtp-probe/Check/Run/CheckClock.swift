import Glibc
import SMTPKit
import Synchronization

/// The waits of a run: each ends with what it waits for, the deadline of the run, or a signal.
final class CheckClock {
    private let signals: Int32
    private let end: ContinuousClock.Instant
    /// The loop while there is no connection.
    private let idle: Dialogue
    /// The signal that ended the run.
    private var interruption: Int32?

    /// - Parameter signals: the descriptor of ``SignalPipe``.
    init(signals: Int32, deadline: Duration) {
        self.signals = signals
        end = .now + deadline
        idle = Dialogue(timeouts: ClientTimeouts(), signals: signals)
        idle.deadline = end
    }

    /// Whether the time of the run is over.
    var isOver: Bool { end <= .now }

    /// - Throws: ``CheckError/deadline`` when the time of the run is over, ``CheckError/interrupted(_:)`` after a
    ///   signal.
    func check() throws {
        if let interruption { throw CheckError.interrupted(interruption) }
        if isOver { throw CheckError.deadline }
    }

    /// The loop of a connection.
    func dialogue(_ plan: CheckPlan) -> Dialogue {
        var timeouts = ClientTimeouts(all: plan.timeout)
        timeouts.connect = plan.connectTimeout
        let dialogue = Dialogue(timeouts: timeouts, signals: signals)
        dialogue.deadline = end
        return dialogue
    }

    /// Runs a step of a dialogue, so that what interrupts it ends the check, or the run.
    ///
    /// After a signal each further step throws at once.
    func guarding<Value>(_ body: () throws -> Value) throws -> Value {
        if let interruption { throw CheckError.interrupted(interruption) }
        do {
            return try body()
        } catch let error as Dialogue.Interruption {
            switch error {
            case .abandoned: interruption = SIGINT
            case .ended(let signal): interruption = signal
            case .deadline: throw CheckError.deadline
            }
            throw CheckError.interrupted(interruption ?? SIGINT)
        }
    }

    /// Waits for some time.
    func sleep(_ duration: Duration) throws { try guarding { try idle.sleep(duration) } }

    /// Runs something that blocks, or has an event loop of its own, and waits for it.
    func wait<Value: Sendable>(for body: @escaping @Sendable () async throws -> Value) throws -> Value {
        try check()
        let ends = try PipeEnds()
        defer { Glibc.close(ends.reading) }
        let outcome = PipedResult<Value>(ends.writing)
        Task.detached {
            do {
                outcome.fill(.success(try await body()))
            } catch {
                outcome.fill(.failure(error))
            }
        }
        try guarding { try idle.waitForInput(ends.reading) }
        guard let result = outcome.value else { throw CheckError.deadline }
        return try result.get()
    }
}

/// The result of a task, and a byte in a pipe when there is one.
private final class PipedResult<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let pipe: Int32

    init(_ pipe: Int32) { self.pipe = pipe }

    deinit { close(pipe) }

    var value: Result<Value, any Error>? { result.withLock { $0 } }

    func fill(_ value: Result<Value, any Error>) {
        result.withLock { $0 = value }
        var byte: UInt8 = 1
        // The reader may be gone.
        _ = write(pipe, &byte, 1)
    }
}
