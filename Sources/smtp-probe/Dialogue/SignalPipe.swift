import CommandLineSupport
import Glibc

/// Signals as bytes of a pipe, so that a loop can wait for them beside everything else.
enum SignalPipe {
    nonisolated(unsafe) private static var writeEnd: Int32 = -1

    /// Has signals written to a pipe from now on.
    ///
    /// - Returns: the end to read from, which never blocks.
    static func open(_ signals: [Int32]) throws -> Int32 {
        let ends = try PipeEnds()
        ends.makeNonBlocking()
        writeEnd = ends.writing
        for signal in signals { catchSignal(signal) }
        return ends.reading
    }

    /// Has a signal written to the pipe.
    static func catchSignal(_ number: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let error = errno
            var octet = UInt8(truncatingIfNeeded: number)
            _ = write(SignalPipe.writeEnd, &octet, 1)
            errno = error
        }
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }

    /// Returns the signals that were caught since the last call.
    static func read(_ end: Int32) -> [Int32] {
        var octets = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(end, &octets, octets.count)
        return octets.prefix(max(count, 0)).map { Int32($0) }
    }
}
