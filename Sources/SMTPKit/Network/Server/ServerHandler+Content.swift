import SMTPCore

/// The content of the message under way.
extension ServerHandler {
    /// Moves the content that the last step received to its owner: the collector, or the hook that streams it.
    func collectContent() {
        if output.isContentDropped {
            content.discard()
            abandonStream(.refused)
            output.isContentDropped = false
        }
        guard !output.content.isEmpty else { return }
        if let hook = loop.onMessageStream { return streamContent(to: hook) }
        if let error = content.take(&output.content) { failed(error) }
    }

    /// The content of a message that has ended.
    ///
    /// - Throws: ``StoreError`` when it could not be kept whole.
    func takeContent() throws(StoreError) -> MessageContent {
        // An idle connection keeps no buffer.
        defer { output.content = [] }
        guard loop.run.sessionConfiguration.isContentWanted else {
            return .discarded(count: UInt64(session.contentLength))
        }
        let isKnown = content.isLost
        do throws(StoreError) {
            return try content.finish(count: session.contentLength)
        } catch {
            if !isKnown { failed(error) }
            throw error
        }
    }
}
