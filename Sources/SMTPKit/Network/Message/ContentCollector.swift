import SMTPCore

/// The content of the message that a session is receiving: in memory while it is small, then in a ``SpoolFile``.
///
/// It is the only owner of these bytes from the first to the last. They leave it in ``finish(count:)``, whole, or they
/// are discarded. After a failure the rest of the message is discarded as it arrives, and ``finish(count:)`` throws.
struct ContentCollector {
    /// Where content goes that is not small, for all collectors of a server.
    final class Rules: Sendable {
        /// The most bytes that stay in memory.
        let threshold: Int
        /// The folder of spool files, or `nil` for the system's.
        let directory: String?
        let calls: FileCalls

        init(threshold: Int, directory: String?, calls: FileCalls) {
            self.threshold = threshold
            self.directory = directory
            self.calls = calls
        }
    }

    private let rules: Rules

    /// The bytes that are not in the file.
    private var memory: [UInt8] = []
    /// The first bytes of a large message.
    private var file: SpoolFile?
    /// Why the content is lost.
    private var failure: StoreError?

    init(_ rules: Rules) { self.rules = rules }

    /// Whether the message will be refused.
    var isLost: Bool { failure != nil }

    /// Takes bytes, which are removed from `octets`.
    ///
    /// - Returns: why the message will be refused, once per message.
    mutating func take(_ octets: inout [UInt8]) -> StoreError? {
        defer { octets.removeAll(keepingCapacity: true) }
        guard failure == nil else { return nil }
        guard memory.count + octets.count > rules.threshold else {
            if memory.isEmpty { swap(&memory, &octets) } else { memory += octets }
            return nil
        }
        do throws(StoreError) {
            let file: SpoolFile
            if let known = self.file {
                file = known
            } else {
                file = try SpoolFile(directory: rules.directory, calls: rules.calls)
            }
            self.file = file
            try file.append(memory.span)
            try file.append(octets.span)
            memory.removeAll(keepingCapacity: true)
            return nil
        } catch {
            discard()
            failure = error
            return error
        }
    }

    /// Hands out the whole content. The collector is empty afterwards, also on failure.
    ///
    /// - Parameter count: how many bytes the session counted.
    /// - Throws: ``StoreError`` when the content is not whole.
    mutating func finish(count: Int) throws(StoreError) -> MessageContent {
        let (memory, file, failure) = (memory, file, failure)
        discard()
        if let failure { throw failure }
        try file?.append(memory.span)
        let content = file.map { MessageContent.spooled($0) } ?? .memory(memory)
        guard content.count == UInt64(count) else {
            let reason = "the content has \(content.count) octets, but \(count) were received"
            throw StoreError(.unavailable, path: "spool", reason: reason)
        }
        return content
    }

    /// Discards what was collected. The next bytes belong to another message.
    mutating func discard() { (memory, file, failure) = ([], nil, nil) }
}
