import CommandLineSupport
import Glibc

/// How far a large message is, on a terminal.
final class TransferProgress {
    /// The size from which on a message is large, in bytes.
    private static let large = 4 << 20

    private let size: Int?
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now
    private var count = 0
    private var isDrawn = false

    init(_ size: Int?, isShown: Bool) {
        self.size = size
        self.isShown = isShown && isatty(2) == 1 && (size ?? Int.max) >= Self.large
    }

    /// So many bytes more were given to the connection.
    func add(_ octets: Int) {
        count += octets
        guard isShown, count >= Self.large, ContinuousClock.now - last >= .milliseconds(100) else { return }
        last = .now
        draw()
    }

    private func draw() {
        let seconds = max(Double((ContinuousClock.now - start).microseconds) / 1_000_000, 0.001)
        let rate = Double(count) / seconds
        var text = Self.mebibytes(count)
        if let size {
            let left = Int(Double(max(size - count, 0)) / max(rate, 1))
            text += " of \(Self.mebibytes(size)) MiB (\(min(count * 100 / max(size, 1), 100))%), \(left) s left"
        } else {
            text += " MiB"
        }
        try? Descriptor.write("\r\(text), \(Self.mebibytes(Int(rate))) MiB/s\u{1B}[K", to: 2)
        isDrawn = true
    }

    private static func mebibytes(_ count: Int) -> String { "\(count >> 20)" }

    /// Takes the line away.
    func clear() {
        if isDrawn { try? Descriptor.write("\r\u{1B}[K", to: 2) }
        isDrawn = false
    }
}
