import SMTPCore

/// Takes a session through a transcript, without any I/O.
package struct SessionRunner: ~Copyable {
    /// How the client's bytes are cut.
    package enum Cut: Sendable, CaseIterable {
        /// Everything between two events of another kind in one piece.
        case whole
        /// Step by step.
        case byLine
        /// Byte by byte.
        case byOctet
    }

    private let transcript: Transcript
    private var session: ServerSession
    private var output = ServerOutput()
    private var content: [UInt8] = []
    private var recording = Recording()

    private init(_ transcript: Transcript) {
        self.transcript = transcript
        session = ServerSession(
            configuration: transcript.sessionConfiguration,
            peer: Peer(address: .ip("192.0.2.1", port: 49152), serverName: transcript.hostname)
        )
    }

    /// Runs the transcript and looks at nothing.
    package static func record(_ transcript: Transcript, cut: Cut) throws -> Recording {
        var runner = SessionRunner(transcript)
        try runner.begin()
        var pending: [UInt8] = []
        for step in transcript.steps {
            switch (step, cut) {
            case (.send(let octets), .byOctet): for octet in octets { try runner.send([octet]) }
            case (.send(let octets), .byLine): try runner.send(octets)
            case (.send(let octets), .whole):
                pending += octets
                // Bytes in clear after STARTTLS are discarded: here the client waits.
                guard transcript.startsTLS,
                    String(decoding: octets, as: UTF8.self).uppercased().hasPrefix("STARTTLS\r\n")
                else { continue }
                try runner.send(pending)
                pending = []
            case (_, _):
                guard step == .deadline || step == .stop || step == .clientCloses else { continue }
                try runner.send(pending)
                pending = []
                try runner.perform(step)
            }
        }
        try runner.send(pending)
        return runner.recording
    }

    /// Runs the transcript step by step.
    ///
    /// - Returns: what is wrong; nothing when all is well.
    package static func mismatches(_ transcript: Transcript) throws -> [String] {
        var runner = SessionRunner(transcript)
        try runner.begin()
        var lines = runner.takeLines()
        var found: [String] = []
        var isCloseExpected = false
        var isBehindExpectation = false
        for step in transcript.steps {
            switch step {
            case .send, .clientCloses, .deadline, .stop:
                if isBehindExpectation, !lines.isEmpty { found.append("unexpected: \(lines)") }
                isBehindExpectation = false
                try runner.perform(step)
                lines += runner.takeLines()
            case .expect(let expectation):
                isBehindExpectation = true
                let mismatch = try ReplyReader().mismatch(expectation) { lines.isEmpty ? nil : lines.removeFirst() }
                if let mismatch { found.append(mismatch) }
            case .serverCloses:
                isCloseExpected = true
                if !runner.recording.isClosed { found.append("the connection was not closed") }
            case .content, .envelope:
                if let mismatch = transcript.mismatch(step, runner.recording.messages) { found.append(mismatch) }
            }
        }
        if !lines.isEmpty { found.append("unexpected: \(lines)") }
        if runner.recording.isClosed, !isCloseExpected { found.append("the connection was closed") }
        let count = runner.recording.messages.count
        if let expected = transcript.messageCount, count != expected {
            found.append("\(count) messages, not \(expected)")
        }
        return found
    }

    /// The lines that the server said since they were last taken, each without its CRLF.
    private mutating func takeLines() -> [String] {
        var lines = String(decoding: recording.replies, as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        recording.replies = []
        return lines
    }

    // MARK: Steps

    private mutating func begin() throws {
        session.start(into: &output)
        try carryOut()
    }

    private mutating func perform(_ step: Transcript.Step) throws {
        switch step {
        case .send(let octets): session.receive(octets.span, into: &output)
        case .clientCloses: session.inputClosed(into: &output)
        case .deadline: session.deadlinePassed(into: &output)
        case .stop: session.stop(into: &output)
        case .expect, .serverCloses, .content, .envelope: return
        }
        try carryOut()
    }

    private mutating func send(_ octets: [UInt8]) throws {
        guard !octets.isEmpty else { return }
        try perform(.send(octets))
    }

    /// Does what the session asks for until it asks for nothing.
    private mutating func carryOut() throws {
        while true {
            let step = output
            output = ServerOutput()
            recording.replies += step.replies
            if step.isContentDropped { content = [] }
            content += step.content
            switch step.event {
            case nil: return
            case .close, .reset:
                recording.isClosed = true
                return
            case .startTLS:
                session.tlsEstablished(transcript.tlsProperties)
            case .decide(let decision):
                let verdict = try transcript.verdict(on: decision)
                if decision == .message { take(verdict) }
                session.resolve(answer: verdict, into: &output)
            }
        }
    }

    private mutating func take(_ verdict: DecisionAnswer) {
        switch verdict {
        case .accept, .queued:
            if let envelope = session.envelope {
                recording.messages.append(Recording.Message(envelope: envelope, content: content))
            }
        case .perRecipient(let replies):
            guard let envelope = session.envelope, replies.count == envelope.recipients.count else { break }
            let accepted = zip(envelope.recipients, replies).filter { $0.1.code.severity == .success }.map(\.0)
            recording.messages.append(
                Recording.Message(
                    envelope: Envelope(
                        reversePath: envelope.reversePath, parameters: envelope.parameters, recipients: accepted),
                    content: content))
        case .reply, .answer, .close, .intercept: break
        }
        content = []
    }
}
