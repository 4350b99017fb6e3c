import Foundation
import ProcessSupport

/// A mail server in Python that keeps all rules but those that a test has it break, on a free port of 127.0.0.1.
///
/// It serves `stub.test`, knows `ann`, `postmaster` and `abuse`, and refuses all other recipients and all logins. It
/// prints when connections begin and end, and each command.
final class FaultyServer: Sendable {
    /// The rules that it breaks.
    struct Faults: Encodable {
        /// Whether it executes inside TLS what came in clear.
        var inject = false
        /// Whether it drops what follows a command in the same segment.
        var flush = false
        /// Sequences that end a message beside CRLF . CRLF.
        var ends: [String] = []
        /// Whether a lone CR ends a command.
        var cr = false
        /// Whether it notices a client that talks before the greeting.
        var pregreet = false
        /// The oldest and the newest version of TLS, such as `TLSv1`.
        var minimum = "TLSv1_2"
        var maximum = "TLSv1_3"
        /// The cipher suites up to TLS 1.2.
        var ciphers = "DEFAULT"
        /// Whether the bytes of a refused chunk are taken for commands.
        var chunk = false
        /// How many connections are greeted before the rest get 421.
        var connections = 1_000
        /// Whether it is reached by implicit TLS.
        var implicit = false
        /// The behaviour of a server that breaks down: `stall`, `close`, `reset`, `garbage` or `421`; empty for none.
        var breakdown = ""
        /// The number of commands, over all connections, before it breaks down for good.
        var breaksAfter = 0
    }

    private let process: Companion
    let port: Int

    var target: String { "127.0.0.1:\(port)" }

    static func start(_ faults: Faults = Faults(), certificate: String = TestCertificate.signed) async throws
        -> FaultyServer
    {
        let json = String(decoding: try JSONEncoder().encode(faults), as: UTF8.self)
        let process = try Companion.python(script, json, certificate)
        guard let port = Int(try await process.line()) else { throw HarnessError("the faulty server has no port") }
        return FaultyServer(process, port)
    }

    private init(_ process: Companion, _ port: Int) { (self.process, self.port) = (process, port) }

    /// Ends it.
    ///
    /// - Returns: what it has seen: `+ NUMBER TIME` for a connection, `- NUMBER` for its end, `NUMBER LINE` for a
    ///   command, and `queued` for a message that it took.
    func finish() async throws -> [String] {
        String(decoding: try await process.finish().output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Waits for the next line of what it sees, as ``finish()`` returns it.
    func line() async throws -> String { try await process.line() }

    private static let script = #"""
        import json, os, re, select, socket, ssl, struct, sys, threading, time
        faults = json.loads(sys.argv[1])
        lock = threading.Lock(); count = 0; commands = 0
        def say(*words):
            with lock: print(*words, flush=True)
        class End(Exception): pass
        class Session:
            def __init__(self, c, n):
                self.c, self.n, self.buffer, self.tls = c, n, b'', False
                self.sender, self.recipients, self.chunked = None, [], False
            def more(self):
                piece = self.c.recv(65536)
                if not piece: raise End
                self.buffer += piece
            def line(self):
                end = rb'\r\n|\r(?!\n)' if faults['cr'] else rb'\r\n'
                while True:
                    found = re.search(end, self.buffer)
                    if found:
                        line = self.buffer[:found.start()]; self.buffer = self.buffer[found.end():]; break
                    self.more()
                if faults['flush']: self.buffer = b''
                return line
            def send(self, text): self.c.sendall(text.encode() + b'\r\n')
            def check(self, new):
                global commands
                commands += new
                kind = faults['breakdown']
                if not kind or commands <= faults['breaksAfter']: return
                if kind == 'stall':
                    while self.c.recv(65536): pass
                if kind == 'reset':
                    self.c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
                if kind == 'garbage': self.c.sendall(bytes(range(128, 256)) * 3 + b'\r\n')
                if kind == '421': self.send('421 4.3.2 closing')
                raise End
            def reset(self): self.sender, self.recipients, self.chunked = None, [], False
            def content(self):
                ends = [b'\r\n.\r\n'] + [e.encode('latin-1') for e in faults['ends']]
                data = b'\r\n'
                while True:
                    data += self.buffer; self.buffer = b''
                    places = [(data.index(e), e) for e in ends if e in data]
                    if places:
                        at, e = min(places); self.buffer = data[at + len(e):]; return
                    self.more()
            def start(self):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                # First of all, for the list sets the level that the certificate is held to.
                context.set_ciphers(faults['ciphers']); context.load_cert_chain(sys.argv[2])
                context.minimum_version = getattr(ssl.TLSVersion, faults['minimum'])
                context.maximum_version = getattr(ssl.TLSVersion, faults['maximum'])
                self.c = context.wrap_socket(self.c, server_side=True); self.tls = True
            def run(self):
                if faults['implicit']: self.start()
                if faults['pregreet'] and select.select([self.c], [], [], .2)[0]:
                    self.send('554 5.5.1 talking too soon'); raise End
                if self.n > faults['connections']:
                    self.send('421 4.7.0 too many connections'); raise End
                self.check(0)
                self.send('220 mx.stub.test ESMTP')
                while True:
                    line = self.line().decode('utf-8', 'replace')
                    say(self.n, line)
                    self.check(1)
                    self.answer(line, line.split(' ')[0].upper())
            def answer(self, line, verb):
                upper = line.upper()
                if verb == 'EHLO':
                    self.reset()
                    words = ['mx.stub.test', 'PIPELINING', 'SIZE 1000000', '8BITMIME', 'SMTPUTF8', 'CHUNKING', 'ENHANCEDSTATUSCODES']
                    words += ['AUTH PLAIN LOGIN'] if self.tls else ['STARTTLS']
                    for word in words[:-1]: self.send('250-' + word)
                    self.send('250 ' + words[-1])
                elif verb == 'HELO': self.reset(); self.send('250 mx.stub.test')
                elif verb == 'STARTTLS':
                    if self.tls: return self.send('503 5.5.1 TLS is active')
                    self.send('220 2.0.0 go')
                    if not faults['inject']: self.buffer = b''
                    self.reset(); self.start()
                elif verb == 'MAIL':
                    size = re.search('SIZE=([0-9]+)', upper)
                    if self.sender is not None: self.send('503 5.5.1 nested MAIL')
                    elif 'XPROBE' in upper: self.send('555 5.5.4 unknown parameter')
                    elif size and int(size.group(1)) > 1000000: self.send('552 5.3.4 too large')
                    elif not line.isascii() and 'SMTPUTF8' not in upper: self.send('553 5.6.7 no UTF-8')
                    else: self.sender = line; self.send('250 2.1.0 Ok')
                elif verb == 'RCPT':
                    path = re.sub('.*<(.*)>.*', r'\1', line).lower()
                    known = path == 'postmaster' or path in [u + '@stub.test' for u in ('ann', 'postmaster', 'abuse')] \
                        or path in [u + '@mx.stub.test' for u in ('ann', 'postmaster', 'abuse')]
                    if self.sender is None: self.send('503 5.5.1 MAIL first')
                    elif known: self.recipients.append(path); self.send('250 2.1.5 Ok')
                    elif path.endswith('stub.test'): self.send('550 5.1.1 unknown')
                    else: self.send('550 5.7.1 no relaying')
                elif verb == 'DATA':
                    if not self.recipients: return self.send('503 5.5.1 RCPT first')
                    if self.chunked: return self.send('503 5.5.1 BDAT was used')
                    self.send('354 go on'); self.content(); self.reset(); say('queued'); self.send('250 2.0.0 Ok')
                elif verb == 'BDAT':
                    size = int(line.split(' ')[1])
                    if not self.recipients and faults['chunk']: return self.send('503 5.5.1 RCPT first')
                    while len(self.buffer) < size: self.more()
                    self.buffer = self.buffer[size:]
                    if not self.recipients: return self.send('503 5.5.1 RCPT first')
                    self.chunked = True; self.send('250 2.0.0 Ok')
                elif verb == 'AUTH':
                    words = upper.split(' ')
                    if not self.tls: self.send('538 5.7.11 TLS first')
                    elif words[1] not in ('PLAIN', 'LOGIN'): self.send('504 5.5.4 unknown mechanism')
                    elif len(words) > 2: self.send('535 5.7.8 no')
                    else:
                        self.send('334 '); answer = self.line()
                        self.send('501 5.7.0 cancelled' if answer == b'*' else '535 5.7.8 no')
                elif verb == 'RSET': self.reset(); self.send('250 2.0.0 Ok')
                elif verb == 'NOOP': self.send('250 2.0.0 Ok')
                elif verb == 'VRFY': self.send('252 2.0.0 try it')
                elif verb == 'EXPN': self.send('502 5.5.1 not here')
                elif verb == 'QUIT': self.send('221 2.0.0 bye'); raise End
                else: self.send('500 5.5.2 unknown')
        def serve(c, n):
            say('+', n, time.monotonic())
            try: Session(c, n).run()
            except (End, OSError, ssl.SSLError): pass
            say('-', n)
            try: c.close()
            except OSError: pass
        s = socket.create_server(('127.0.0.1', 0))
        print(s.getsockname()[1], flush=True)
        def accept():
            n = 0
            while True:
                c = s.accept()[0]; n += 1
                threading.Thread(target=serve, args=(c, n), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        sys.stdin.read()
        with lock: os._exit(0)
        """#
}
