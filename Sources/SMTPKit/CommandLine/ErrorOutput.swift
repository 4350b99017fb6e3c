import Glibc
import Synchronization

/// Standard error, or a file like it, written line by line by a thread of its own, so that a slow reader never blocks
/// an event loop.
///
/// A limited amount waits. Lines beyond that are left out and counted, and a line says how many. A line that a file has
/// no room for is left out as a whole.
package final class ErrorOutput: Sendable {
    /// The most bytes that wait.
    package static let mostWaiting = 1 << 20

    private struct State {
        var waiting: [String] = []
        /// The bytes of all lines that are not written yet.
        var octets = 0
        /// How many lines were left out since the last one that was written.
        var omitted = 0
        var isWriting = false
        var isClosed = false
        /// The line that is shown below all others; empty for none.
        var liveLine = ""
        /// The live line as the terminal shows it now.
        var shownLine = ""
        var flushes: [SystemThread.Signal] = []
    }

    /// The state that the thread shares with the object.
    private final class Writer: Sendable {
        let state = Mutex(State())
        let work = SystemThread.Signal()
        private let descriptor: Int32
        private let onFailure: @Sendable (SystemError) -> Void
        private let hasFailed = Mutex(false)

        init(_ descriptor: Int32, _ onFailure: @escaping @Sendable (SystemError) -> Void) {
            self.descriptor = descriptor
            self.onFailure = onFailure
        }

        /// Writes what waits, again and again.
        func run() {
            while !state.withLock({ $0.isClosed }) {
                work.wait()
                drain()
            }
        }

        /// Writes what waits.
        func drain() {
            while true {
                let (lines, omitted, live, shown) = state.withLock { state in
                    defer {
                        state.waiting = []
                        state.omitted = 0
                        state.shownLine = state.liveLine
                    }
                    return (state.waiting, state.omitted, state.liveLine, state.shownLine)
                }
                guard !lines.isEmpty || omitted > 0 || live != shown else { return finish() }
                if lines.isEmpty, omitted == 0 {
                    _ = write("\(ErrorOutput.erasure)\(live)")
                    continue
                }
                var left = omitted
                var prefix = shown.isEmpty ? "" : ErrorOutput.erasure
                for line in lines {
                    if write("\(prefix)\(line)\n") { prefix = "" } else { left += 1 }
                    // Until it is written, it is among what waits.
                    state.withLock { $0.octets -= line.utf8.count + 1 }
                }
                if left > 0, write("\(prefix)... \(left) lines left out\n") { left = 0 }
                if !live.isEmpty { _ = write(live) }
                if left > 0 {
                    state.withLock { $0.omitted += left }
                    return finish()
                }
            }
        }

        private func finish() {
            let flushes = state.withLock { state in
                state.isWriting = !state.waiting.isEmpty
                defer { state.flushes = [] }
                if state.isWriting { work.send() }
                return state.flushes
            }
            for flush in flushes { flush.send() }
        }

        /// Writes text, whole or not at all as far as the descriptor allows.
        private func write(_ text: String) -> Bool {
            var status = stat()
            let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            let length = status.st_size
            do {
                try Descriptor.write(text, to: descriptor)
                hasFailed.withLock { $0 = false }
                return true
            } catch {
                if isFile, fstat(descriptor, &status) == 0, status.st_size > length {
                    _ = ftruncate(descriptor, length)
                }
                let isNew = hasFailed.withLock { hasFailed in
                    defer { hasFailed = true }
                    return !hasFailed
                }
                if isNew, let error = error as? SystemError { onFailure(error) }
                return false
            }
        }
    }

    private let writer: Writer
    /// Whether there is a thread; else each line is written at once.
    private let hasThread: Bool

    /// Makes the one that a tool needs, or another for a file.
    ///
    /// - Parameter onFailure: called when lines cannot be written, as on a full disk; once until lines can be written
    ///   again.
    package init(descriptor: Int32 = 2, onFailure: @escaping @Sendable (SystemError) -> Void = { _ in }) {
        let writer = Writer(descriptor, onFailure)
        self.writer = writer
        hasThread = (try? SystemThread.start { writer.run() }) != nil
    }

    deinit {
        writer.state.withLock { $0.isClosed = true }
        writer.work.send()
    }

    /// Writes a line, unless too much waits already.
    package func say(_ line: String) { add(line, upTo: Self.mostWaiting, countsOmission: true) }

    /// Writes a line unless so much waits that the rest of the room is to be kept for others.
    ///
    /// - Returns: whether it will be written.
    package func sayIfRoom(_ line: String) -> Bool {
        add(line, upTo: Self.mostWaiting / 2, countsOmission: false)
    }

    /// Shows a line below all others, in place of the one before; an empty one removes it. For terminals.
    package func show(_ line: String) {
        wake { $0.liveLine = line }
    }

    @discardableResult
    private func add(_ line: String, upTo limit: Int, countsOmission: Bool) -> Bool {
        wake { state in
            guard state.octets + line.utf8.count <= limit else {
                if countsOmission { state.omitted += 1 }
                return false
            }
            state.waiting.append(line)
            state.octets += line.utf8.count + 1
            return true
        }
    }

    /// Changes the state, and has the thread write what follows from that.
    private func wake<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        let (result, wakes) = writer.state.withLock { state in
            let result = change(&state)
            defer { state.isWriting = true }
            return (result, !state.isWriting)
        }
        if wakes { if hasThread { writer.work.send() } else { writer.drain() } }
        return result
    }

    /// To the start of the line, and clear it.
    private static let erasure = "\r\u{1B}[K"

    /// Returns when everything said before is written.
    package func flush() {
        let done = SystemThread.Signal()
        let waits = writer.state.withLock { state in
            if state.isWriting { state.flushes.append(done) }
            return state.isWriting
        }
        if waits, hasThread { done.wait() }
    }
}
