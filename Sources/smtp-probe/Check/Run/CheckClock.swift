import Glibc
import SMTPKit
import Synchronization

/// The waits of a run: each ends with what it waits for, the deadline of the run, or a signal.
final class CheckClock {
    private let signals: Int32
    private let end: ContinuousClock.Instant
    /// The loop while there is no connection.
    private let idle: Dialogue

    /// - Parameter signals: the descriptor of ``SignalPipe``.
    init(signals: Int32, deadline: Duration) {
        self.signals = signals
        end = .now + deadline
        idle = Dialogue(timeouts: ClientTimeouts(), signals: signals)
        idle.deadline = end
    }

    /// Whether the time of the run is over.
    var isOver: Bool { end <= .now }

    /// - Throws: ``CheckError/deadline`` when the time of the run is over.
    func check() throws { if isOver { throw CheckError.deadline } }

    /// The loop of a connection.
    func dialogue(_ plan: CheckPlan) -> Dialogue {
        var timeouts = ClientTimeouts(all: plan.timeout)
        timeouts.connect = plan.connectTimeout
        let dialogue = Dialogue(timeouts: timeouts, signals: signals)
        dialogue.deadline = end
        return dialogue
    }

    /// Runs a step of a dialogue, so that what interrupts it ends the check, or the run.
    static func guarding<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let interruption as Dialogue.Interruption {
            switch interruption {
            case .abandoned: throw CheckError.interrupted(SIGINT)
            case .ended(let signal): throw CheckError.interrupted(signal)
            case .deadline: throw CheckError.deadline
            }
        }
    }

    /// Waits for some time.
    func sleep(_ duration: Duration) throws { try Self.guarding { try idle.sleep(duration) } }

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
        try Self.guarding { try idle.waitForInput(ends.reading) }
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
