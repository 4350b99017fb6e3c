import Foundation
import ProcessSupport

/// A server that gives scripted replies, on a free port of 127.0.0.1.
///
/// A rule names what it answers by the beginning of a command, `GREETING`, or `DOT` for the end of a message. Its reply
/// is sent as it is, followed by CRLF; of several, each is used once and the last for good. Special replies are `CLOSE`,
/// `RESET`, `STALL`, `FLOOD` (a reply without end), `CUT ` and bytes that come before the end, `TLS` (grants STARTTLS and
/// begins it; `TLS 1.2`, with nothing newer) and `NONE`. A reply after `AWAIT ` is sent when ``go()`` is called. With a
/// rule for `SNI`, the name that a client asks for in a handshake is one of its lines. The reply of a rule for `BODY` is
/// sent amid the content of a message, before the connection is closed.
final class ScriptedServer: Sendable {
    private let process: Companion
    let port: Int

    var target: String { "127.0.0.1:\(port)" }

    static func start(_ rules: [String: [String]] = [:], certificate: String = "") async throws -> ScriptedServer {
        let json = String(decoding: try JSONEncoder().encode(rules), as: UTF8.self)
        let process = try Companion.python(script, json, certificate)
        guard let port = Int(try await process.line()) else { throw HarnessError("the scripted server has no port") }
        return ScriptedServer(process, port)
    }

    private init(_ process: Companion, _ port: Int) {
        self.process = process
        self.port = port
    }

    /// Ends it.
    ///
    /// - Returns: the lines that clients sent, those of content after a bar.
    func finish() async throws -> [String] {
        String(decoding: try await process.finish().output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Has it say what it was to keep back.
    func go() { process.say("") }

    /// Waits for the next line that a client sends.
    func line() async throws -> String { try await process.line() }

    private static let script = #"""
        import json, os, socket, ssl, struct, sys, threading
        rules = {k.upper(): v for k, v in json.loads(sys.argv[1]).items()}
        usual = {'GREETING': '220 stub ESMTP', 'EHLO': '250-stub\r\n250-PIPELINING\r\n250 SIZE', 'HELO': '250 stub',
            'LHLO': '250-stub\r\n250 PIPELINING', 'DATA': '354 go on', 'QUIT': '221 2.0.0 bye', 'STARTTLS': 'TLS',
            'DOT': '250 2.0.0 Ok: queued as STUB1'}
        told = threading.Semaphore(0)
        class End(Exception): pass
        def words(key):
            for rule, replies in rules.items():
                if key.upper().startswith(rule):
                    return replies.pop(0) if len(replies) > 1 else replies[0]
            for rule, reply in usual.items():
                if key.upper().startswith(rule): return reply
            return '250 2.0.0 Ok'
        def serve(c):
            try: talk(c)
            except (End, OSError): pass
        def answer(c, f, key):
            text = words(key)
            if text == 'CLOSE':
                c.shutdown(socket.SHUT_RDWR); raise End
            if text == 'RESET':
                c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); c.close(); f.close(); raise End
            if text == 'STALL':
                while c.recv(4096): pass
                raise End
            if text.startswith('AWAIT '):
                text = text[6:]; told.acquire()
            if text.startswith('CUT '):
                c.sendall(text[4:].encode('latin-1')); c.shutdown(socket.SHUT_RDWR); raise End
            while text == 'FLOOD': c.sendall(b'250-and more\r\n' * 1000)
            if text.startswith('TLS'):
                c.sendall(b'220 2.0.0 go\r\n')
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain(sys.argv[2])
                if 'SNI' in rules: context.sni_callback = lambda s, name, c: print('SNI', name, flush=True)
                if text == 'TLS 1.2': context.maximum_version = ssl.TLSVersion.TLSv1_2
                return 'TLS', context.wrap_socket(c, server_side=True)
            if text != 'NONE': c.sendall(text.encode('latin-1') + b'\r\n')
            return text, None
        def talk(c):
            f = c.makefile('rb')
            answer(c, f, 'GREETING')
            while True:
                line = f.readline()
                if not line: return
                print(line.decode('latin-1').rstrip('\r\n'), flush=True)
                text, secured = answer(c, f, line.decode('latin-1').strip())
                if secured: c = secured; f = c.makefile('rb')
                if line.upper().startswith(b'BDAT') :
                    f.read(int(line.split()[1]))
                if text.startswith('354'):
                    if 'BODY' in rules:
                        f.read(1 << 16); answer(c, f, 'BODY'); f.close(); c.close(); return
                    while True:
                        line = f.readline()
                        if not line: return
                        if line == b'.\r\n': break
                        print('| ' + line.decode('latin-1').rstrip('\r\n'), flush=True)
                    answer(c, f, 'DOT')
                if text.startswith('221'): return
        s = socket.create_server(('127.0.0.1', 0))
        print(s.getsockname()[1], flush=True)
        def accept():
            while True: threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        for _ in sys.stdin: told.release()
        os._exit(0)
        """#
}
