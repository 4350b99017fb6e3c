import Foundation
import SMTPCore
import SMTPTLS

/// A dialogue in which the client is looked at, and the server says what is written.
///
///     # RFC 5321, section 4.2.1       a comment
///     @raw  @lmtp                     how the session behaves
///     S: 220 mx.example               the server sends a line; CRLF is added
///     S!220 mx                        the server sends these octets, with \r \n \0 \xNN \{x*500}
///     S!close                         the server closes
///     C: EHLO client.example          the client has sent this line next
///     > hello                         the client is told to: hello, starttls, mail N, mail N bdat, content TEXT, end, quit,
///                                     line TEXT, deadline, handshake
///     E: finished 250                 the client has reported this next; replies are not listed
struct ClientTranscript: Sendable, CustomStringConvertible {
    enum Step: Sendable, Equatable {
        case server([UInt8])
        case serverCloses
        case sent(String)
        case tell([String])
        case event(String)
    }

    let name: String
    var steps: [Step] = []
    var configuration = ClientSession.Configuration()

    var description: String { name }

    init(_ text: String, name: String) throws {
        self.name = name
        for line in text.split(separator: "\n").map(String.init) {
            let rest = String(line.dropFirst(2))
            let words = String(rest.drop { $0 == " " })
            switch line.prefix(2) {
            case "# ": continue
            case "S:": steps.append(.server(Array("\(words)\r\n".utf8)))
            case "S!": steps.append(rest == "close" ? .serverCloses : .server(try OctetText.decode(rest)))
            case "C:": steps.append(.sent(words))
            case "E:": steps.append(.event(words))
            case "> ": steps.append(.tell(words.split(separator: " ", maxSplits: 1).map(String.init)))
            case _ where line == "@raw": configuration.isRaw = true
            case _ where line == "@lmtp": configuration.isLMTP = true
            case _: throw Malformed(line: "\(name): \(line)")
            }
        }
    }

    struct Malformed: Error { let line: String }

    static let all: [ClientTranscript] = {
        do {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Transcripts/Client")
                .standardizedFileURL
            return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
                .map {
                    try ClientTranscript(
                        String(decoding: Data(contentsOf: $0), as: UTF8.self), name: $0.lastPathComponent)
                }
        } catch {
            preconditionFailure("the transcripts cannot be read: \(error)")
        }
    }()
}

/// Takes a session through a transcript.
struct ClientRunner: ~Copyable {
    private var session: ClientSession
    private var output = ClientOutput()
    private var sent: [UInt8] = []
    private var events: [String] = []
    private var found: [String] = []

    private init(_ transcript: ClientTranscript) { session = ClientSession(transcript.configuration) }

    /// - Parameter pieceSize: how many bytes of the server come at once.
    /// - Returns: what is wrong.
    static func mismatches(_ transcript: ClientTranscript, pieceSize: Int) -> [String] {
        var runner = ClientRunner(transcript)
        runner.session.connected(into: &runner.output)
        var waiting: [UInt8] = []
        for step in transcript.steps {
            // What the server says in a row comes as if it were one piece.
            if case .server(let octets) = step {
                waiting += octets
                continue
            }
            runner.feed(waiting, pieceSize)
            waiting = []
            runner.take(step)
        }
        runner.feed(waiting, pieceSize)
        if !runner.events.isEmpty { runner.found.append("unexpected: \(runner.events)") }
        if !runner.sent.isEmpty { runner.found.append("unexpected: \(String(decoding: runner.sent, as: UTF8.self))") }
        return runner.found
    }

    private mutating func feed(_ octets: [UInt8], _ size: Int) {
        var rest = octets[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            session.receive(piece.span, into: &output)
            collect()
        }
    }

    private mutating func take(_ step: ClientTranscript.Step) {
        switch step {
        case .server: return
        case .serverCloses: session.inputClosed(into: &output)
        case .tell(let words):
            do throws(SMTPError) { try tell(words) } catch { events.append("refused \(error.code)") }
        case .sent(let line):
            collect()
            let wanted = Array("\(line)\r\n".utf8)
            if sent.starts(with: wanted) {
                sent.removeFirst(wanted.count)
            } else {
                found.append("\(line) was expected, not \(String(decoding: sent, as: UTF8.self))")
            }
        case .event(let text):
            collect()
            let event = events.isEmpty ? "nothing" : events.removeFirst()
            if event != text { found.append("\(text) was expected, not \(event)") }
        }
        collect()
    }

    private mutating func tell(_ words: [String]) throws(SMTPError) {
        let rest = words.count > 1 ? words[1] : ""
        switch words[0] {
        case "hello": try session.sayHello("client.example", into: &output)
        case "starttls": try session.startTLS(into: &output)
        case "mail":
            var envelope = Envelope(from: "a@example.org", to: "b1@example.org")
            let parts = rest.split(separator: " ")
            for number in 2..<max((parts.first.flatMap { Int($0) } ?? 1) + 1, 2) {
                envelope.recipients += Envelope(from: "", to: "b\(number)@example.org").recipients
            }
            try session.begin(
                Transaction(envelope, transfer: parts.contains("bdat") ? .chunks : .data), into: &output)
        case "content": session.sendContent(Array("\(rest)\r\n".utf8).span, into: &output)
        case "end": session.endContent(into: &output)
        case "quit": try session.quit(into: &output)
        case "line": session.sendRawLine(Array(rest.utf8), into: &output)
        case "deadline": session.deadlinePassed(into: &output)
        case "prepare":
            var plan = SessionPlan(helloName: "client.example")
            if words.contains("tls") || rest.split(separator: " ").contains("tls") { plan.security = .required }
            if rest.split(separator: " ").contains("tls-optional") { plan.security = .opportunistic }
            if rest.split(separator: " ").contains("xclient") { plan.xclient = [("ADDR", "192.0.2.9")] }
            if rest.split(separator: " ").contains("auth") {
                plan.credentials = SASLCredentials(user: "alice", secret: Secret("secret"))
            }
            try session.prepare(plan, into: &output)
        case "handshake":
            session.tlsEstablished(
                Peer.TLSProperties(version: "TLSv1.3", cipherSuite: "TLS_AES_256_GCM_SHA384"), bindings: [],
                into: &output)
        case _: found.append("\(words): nobody knows how")
        }
    }

    private mutating func collect() {
        sent += output.octets
        output.octets = []
        for event in output.events {
            switch event {
            case .reply(let reply) where reply.command == nil: events.append("unasked \(reply.reply.code)")
            case .reply: break
            case .malformed(let error, _): events.append("malformed \(error)")
            case .startTLS: events.append("tls")
            case .finished(let reply): events.append("finished \(reply.code)")
            case .contentWanted: events.append("content")
            case .transactionFinished(let outcome):
                let recipients = outcome.recipients.map {
                    "\($0.reply?.code.description ?? "-")/\($0.delivery?.code.description ?? "-")"
                }
                events.append("outcome \(outcome.sender?.code.description ?? "-") \(recipients.joined(separator: " "))")
            case .failed(let error):
                // If the input is cut after the 220, the handshake was asked for already.
                if error.code == .plaintextBehindStartTLS, events.last == "tls" { events.removeLast() }
                events.append("failed \(error.code) \(error.stage?.rawValue ?? "-")")
            case .closed: events.append("closed")
            case .stageFinished(let stage, let reply): events.append("stage \(stage.rawValue) \(reply.code)")
            case .tlsSkipped(let reply): events.append("no tls \(reply?.code.description ?? "offered")")
            case .prepared: events.append("prepared")
            case .stepFailed(let error): events.append("stopped \(error.code) \(error.stage?.rawValue ?? "-")")
            }
        }
        output.events = []
    }
}

/// The escapes of transcripts: `\r \n \0 \xNN \{x*500}`.
private enum OctetText {
    static func decode(_ text: String) throws -> [UInt8] {
        var octets: [UInt8] = []
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "\\" else {
                octets += String(character).utf8
                continue
            }
            switch rest.popFirst() {
            case "r": octets.append(13)
            case "n": octets.append(10)
            case "0": octets.append(0)
            case "x":
                guard let octet = UInt8(rest.prefix(2), radix: 16) else { throw ClientTranscript.Malformed(line: text) }
                rest = rest.dropFirst(2)
                octets.append(octet)
            case "{":
                let parts = rest.prefix { $0 != "}" }.split(separator: "*")
                guard parts.count == 2, let count = Int(parts[1]) else { throw ClientTranscript.Malformed(line: text) }
                octets += try decode(String(repeating: String(parts[0]), count: count))
                rest = rest.drop { $0 != "}" }.dropFirst()
            case _: throw ClientTranscript.Malformed(line: text)
            }
        }
        return octets
    }
}
