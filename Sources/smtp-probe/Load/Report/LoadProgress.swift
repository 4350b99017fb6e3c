import CommandLineSupport
import Glibc
import NIOCore

/// The live line of a load run, on a terminal.
final class LoadProgress {
    /// The time between two updates.
    static let interval = TimeAmount.milliseconds(500)

    private let run: LoadRun
    private let eventLoop: any EventLoop
    private var last: (count: Int, time: NIODeadline)?
    private var isDrawn = false
    private var isEnded = false

    /// Draws the line from now on, on the event loop of the run.
    init(_ run: LoadRun, on eventLoop: any EventLoop) {
        self.run = run
        self.eventLoop = eventLoop
        drawLater()
    }

    private func drawLater() {
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.interval) {
            guard !box.value.isEnded else { return }
            box.value.draw(box.value.run.tally)
            box.value.drawLater()
        }
    }

    /// Whether there is a terminal to draw it on.
    static var isPossible: Bool { isatty(2) == 1 }

    private func draw(_ tally: LoadTally) {
        let now = NIODeadline.now()
        let count = tally.accepted
        let (lastCount, lastTime) = last ?? (count, now - Self.interval)
        last = (count, now)
        let seconds = max(Double((now - lastTime).nanoseconds) / 1_000_000_000, 0.001)
        let latency = tally.transactions
        let line =
            "\(count) messages, \(LoadTable.fixed(Double(count - lastCount) / seconds, 0))/s, "
            + "\(tally.refused + tally.failed) errors, p50 \(LoadTable.milliseconds(latency.microseconds(atPercentile: 50))) ms, "
            + "p99 \(LoadTable.milliseconds(latency.microseconds(atPercentile: 99))) ms"
        let width = max((Screen.columns(of: 2) ?? 80) - 1, 1)
        try? Descriptor.write("\r\(line.prefix(width))\u{1B}[K", to: 2)
        isDrawn = true
    }

    /// Removes the line, for good.
    func end() {
        isEnded = true
        if isDrawn { try? Descriptor.write("\r\u{1B}[K", to: 2) }
        isDrawn = false
    }
}
