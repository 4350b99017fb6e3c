/// Takes a server on a socket through a transcript.
package struct SocketRunner {
    private let client: SocketClient

    package init(port: Int) throws { client = try SocketClient(port: port) }

    /// Runs the transcript step by step.
    ///
    /// - Parameter messages: what the server has accepted so far.
    /// - Returns: what is wrong; nothing when all is well.
    package func mismatches(_ transcript: Transcript, _ messages: () -> [Recording.Message]) throws -> [String] {
        var found: [String] = []
        for step in transcript.steps {
            switch step {
            case .send(let octets): client.send(octets)
            case .clientCloses: client.finishSending()
            case .expect(let expectation):
                if let mismatch = try ReplyReader().mismatch(expectation, client.readLine) { found.append(mismatch) }
            case .serverCloses:
                if let line = try client.readLine() { found.append("\(line) came, not the end") }
            case .content, .envelope:
                if let mismatch = transcript.mismatch(step, messages()) { found.append(mismatch) }
            case .deadline, .stop:
                found.append("time does not pass on request here")
            }
        }
        client.end()
        return found
    }
}
