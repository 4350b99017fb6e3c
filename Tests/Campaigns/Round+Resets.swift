import Foundation
import ProcessSupport
import TranscriptSupport

/// Connections that are cut at every place.
extension Round {
    /// Cuts a session with two messages after each of its bytes.
    mutating func runResets() throws {
        let outputs = try OutputSet(&random)
        let server = try CampaignServer(outputs.options)
        let stride = isThorough ? 1 : 9
        var length = Int.random(in: 0..<stride, using: &random)
        var connections = 0
        while try runCutSession(server, after: length) {
            length += stride
            connections += 1
        }
        notes.append("\(connections) cuts, \(outputs.names)")
        try deliverLast(to: server)
        finish(server, outputs)
    }

    /// Takes a session to a byte and cuts it there.
    ///
    /// - Returns: whether the session is longer than that.
    private mutating func runCutSession(_ server: CampaignServer, after length: Int) throws -> Bool {
        let client = try SocketClient(port: server.port)
        let isReset = Int.random(in: 0..<4, using: &random) > 0
        defer { client.end(isReset: isReset) }
        try client.reply()
        let envelope = ["MAIL FROM:<joe@example.org>\r\n", "RCPT TO:<ann@example.net>\r\n", "DATA\r\n"]
        let messages = [ledger.next(isSmall: true), ledger.next(isSmall: true)]
        var steps = [Step(octets: Array("EHLO client.example\r\n".utf8))]
        for message in messages {
            steps += envelope.map { Step(octets: Array($0.utf8)) }
            steps.append(Step(octets: message.onTheWire, message: message))
        }
        steps.append(Step(octets: Array("QUIT\r\n".utf8)))
        var rest = length
        for step in steps {
            client.send(Array(step.octets.prefix(rest)))
            // The end was sent, and the reply will not be read.
            if rest >= step.octets.count, let message = step.message { ledger.note(message, .unknown) }
            guard rest > step.octets.count else { return true }
            rest -= step.octets.count
            let reply = try client.reply()
            if let message = step.message { ledger.note(message, reply: reply) }
        }
        return false
    }

    /// Cuts a session in TLS at each of its records: after the record, and in its middle.
    mutating func runRecordResets() throws {
        let outputs = try OutputSet(&random)
        let server = try CampaignServer(outputs.options + ["--tls"])
        let folder = try TemporaryFolder()
        // More than the records of a session; numbers of messages are known before the client runs.
        let count = 80
        var numbers: [Int] = []
        for _ in 0..<count {
            let message = ledger.next(isSmall: true)
            numbers.append(message.number)
            try folder.write(message.onTheWire, to: "\(message.number)")
        }
        let client = try ChildProcess(
            ["python3", "-c", Self.recordClient, "\(server.port)", folder.path] + numbers.map { "\($0)" })
        guard client.wait() == 0 else { throw HarnessError("the client of TLS: \(client.standardError.suffix(600))") }
        var cuts = 0
        for line in String(decoding: client.standardOutput, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let number = Int(words[0]) else { throw HarnessError("the client said \(line)") }
            cuts += 1
            switch words[1] {
            case "acknowledged": ledger.note(number, .acknowledged)
            case "unknown": ledger.note(number, .unknown)
            case "unsent": break
            default: throw HarnessError("the client said \(line)")
            }
        }
        if ledger.count(.acknowledged) == 0 { faults.append("no session in TLS came to its end") }
        notes.append("\(cuts) cuts at records, \(outputs.names)")
        try deliverLast(to: server)
        finish(server, outputs)
    }

    /// Takes sessions in TLS to one record more each, and says what became of the message of each.
    private static let recordClient = """
        import socket, ssl, struct, sys
        port, folder, numbers = int(sys.argv[1]), sys.argv[2], sys.argv[3:]

        class Cut(Exception): pass

        class Client:
            def __init__(self, records, part):
                self.rest, self.part = records, part
                self.socket = socket.create_connection(("127.0.0.1", port), 100)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.clear(b"")
                self.clear(b"EHLO client.example\\r\\n")
                self.clear(b"STARTTLS\\r\\n")
                context = ssl.create_default_context()
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
                self.tls = context.wrap_bio(self.incoming, self.outgoing)
                self.text = b""

            def clear(self, line):
                self.socket.sendall(line)
                reply = b""
                while not (reply.endswith(b"\\r\\n") and reply.split(b"\\r\\n")[-2][3:4] == b" "):
                    reply += self.socket.recv(4096)

            def flush(self):
                # Each record is sent by itself, until the one at which the connection is cut.
                octets = self.outgoing.read()
                while octets:
                    length = 5 + struct.unpack("!H", octets[3:5])[0]
                    record, octets = octets[:length], octets[length:]
                    if self.rest == 0:
                        if self.part: self.socket.sendall(record[:length // 2])
                        raise Cut
                    self.rest -= 1
                    self.socket.sendall(record)

            def need(self):
                octets = self.socket.recv(65536)
                if not octets: raise EOFError
                self.incoming.write(octets)

            def handshake(self):
                while True:
                    try:
                        self.tls.do_handshake()
                        return self.flush()
                    except ssl.SSLWantReadError:
                        self.flush()
                        self.need()

            def command(self, octets):
                self.tls.write(octets)
                self.flush()
                while True:
                    lines = self.text.split(b"\\r\\n")
                    for line in lines[:-1]:
                        if line[3:4] == b" ":
                            self.text = b""
                            return line
                    try: self.text += self.tls.read(65536)
                    except ssl.SSLWantReadError: self.need()

            def reset(self):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.socket.close()

        for index, number in enumerate(numbers):
            content = open(f"{folder}/{number}", "rb").read()
            client = Client(index // 2, index % 2)
            fate, isOver = "unsent", False
            try:
                client.handshake()
                for line in (b"EHLO x", b"MAIL FROM:<a@example.org>", b"RCPT TO:<b@example.net>", b"DATA"):
                    client.command(line + b"\\r\\n")
                # Lines are records of their own.
                lines = content.splitlines(True)
                for line in lines[:-1]:
                    client.tls.write(line)
                    client.flush()
                # A record that is not cut in two is sent whole.
                if client.rest > 0: fate = "unknown"
                if not client.command(lines[-1]).startswith(b"250"): raise SystemExit("refused")
                fate = "acknowledged"
                client.command(b"QUIT\\r\\n")
                isOver = True
            except (Cut, EOFError, ConnectionError): pass
            client.reset()
            print(number, fate, flush=True)
            if isOver: break
        """
}

/// The bytes that a client sends before it waits for a reply.
private struct Step {
    let octets: [UInt8]
    /// The message that ends with it.
    var message: CampaignMessage?
}
