/// Something that tests wait for: once opened, it lets everybody pass.
final class Gate: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func open() { continuation.finish() }

    /// Waits until it is open, or until the task is cancelled.
    func pass() async { for await _ in stream {} }
}

/// The recorded events, in order, for a test to wait for.
final class Notes: Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func add(_ note: String) { continuation.yield(note) }

    /// Waits for so many notes.
    func next(_ count: Int) async -> [String] {
        var notes: [String] = []
        guard count > 0 else { return notes }
        for await note in stream {
            notes.append(note)
            if notes.count == count { break }
        }
        return notes
    }

    /// Everything that was noted, when nothing more will be.
    func all() async -> [String] {
        continuation.finish()
        return await stream.reduce(into: []) { $0.append($1) }
    }
}
