/// A descriptor that is closed when it is replaced or goes away.
struct OpenDescriptor: ~Copyable {
    /// The descriptor; -1 when nothing is open.
    private(set) var number: Int32 = -1
    private let calls: FileCalls

    init(calls: FileCalls) { self.calls = calls }

    deinit {
        if number >= 0 { _ = calls.close(number) }
    }

    /// Takes over a descriptor that was opened, and closes the one before.
    mutating func replace(with descriptor: Int32) {
        close()
        number = descriptor
    }

    /// Closes it, if it is open.
    mutating func close() {
        guard number >= 0 else { return }
        _ = calls.close(number)
        number = -1
    }
}
