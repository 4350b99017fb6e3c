import SMTPCore

/// The content of the message under way: in memory while it is small, then in an unlinked file.
extension ServerHandler {
    /// The part of a message that is no longer in memory.
    struct Spool {
        var file: SpoolFile?
        /// There was no room, or no file. The message will be refused when it has ended.
        var hasFailed = false
    }

    func collectContent() {
        if output.isContentDropped {
            spool = Spool()
            abandonStream(.refused)
            output.isContentDropped = false
        }
        if let hook = loop.onMessageStream { return streamContent(to: hook) }
        guard output.content.count > loop.spoolThreshold else { return }
        spoolContent()
    }

    private func spoolContent() {
        defer { output.content.removeAll(keepingCapacity: true) }
        guard !spool.hasFailed else { return }
        do {
            if spool.file == nil {
                spool.file = try SpoolFile(directory: loop.run.server.configuration.spoolDirectory)
            }
            let file = spool.file
            try output.content.withUnsafeBytes { octets in try file?.append(octets) }
        } catch {
            spool = Spool(file: nil, hasFailed: true)
            loop.observer?.failed("\(error)")
        }
    }

    /// The content of a message that has ended.
    func takeContent() -> MessageContent {
        guard loop.run.sessionConfiguration.isContentWanted else {
            return .discarded(count: UInt64(session.contentLength))
        }
        if spool.file != nil, !output.content.isEmpty { spoolContent() }
        defer {
            spool = Spool()
            output.content = []
        }
        if let file = spool.file { return .spooled(file) }
        return .memory(output.content)
    }
}
