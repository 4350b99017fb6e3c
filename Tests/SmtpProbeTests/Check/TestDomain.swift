import Foundation
import ProcessSupport

/// Certificates of a test domain, `dom.test`, made by `openssl` and signed by an authority of its own.
enum DomainCertificates {
    static var authority: String { file("ca.pem") }
    /// For `mx.dom.test`.
    static var mx: String { file("mx.pem") }
    /// For `mta-sts.dom.test`.
    static var policy: String { file("sts.pem") }
    /// For another name.
    static var other: String { file("other.pem") }

    private static func file(_ name: String) -> String { folder?.file(name) ?? "" }

    private static let folder: TemporaryFolder? = {
        guard let folder = try? TemporaryFolder() else { return nil }
        let script = """
            cd "$1"
            openssl req -x509 -nodes -newkey rsa:2048 -days 90 -subj /CN=Root -keyout ca.key -out ca.pem
            sign() { # NAME HOST
                openssl req -new -nodes -newkey rsa:2048 -subj "/CN=$2" -addext "subjectAltName=DNS:$2" -keyout "$1.key" -out "$1.csr"
                openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -days 90 -copy_extensions copy -out "$1.pem"
                cat "$1.key" >>"$1.pem"
            }
            sign mx mx.dom.test
            sign sts mta-sts.dom.test
            sign other other.test
            """
        return (try? ChildProcess.run(["sh", "-ec", script, "sh", folder.path]))?.status == 0 ? folder : nil
    }()

    /// The SHA-256 of the public key of a certificate, in hexadecimal.
    static func keyHash(_ certificate: String) throws -> String {
        let script =
            "openssl x509 -in \"$1\" -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -c1-64"
        return String(try ChildProcess.run(["sh", "-c", script, "sh", certificate]).output.prefix(64))
    }
}

/// A web server over TLS that serves a policy as it is told, on a free port of 127.0.0.1.
final class PolicyServer: Sendable {
    private let process: Companion
    let port: Int

    var place: String { "127.0.0.1:\(port)" }

    /// Starts it.
    ///
    /// - Parameters:
    ///   - mode: `good`, or a way to be broken: a status, `html`, `big`, `endless`, `binary`, `stall`, `close` or
    ///     `garbage`.
    ///   - policy: the policy.
    static func start(
        _ mode: String = "good",
        _ policy: String = "version: STSv1\r\nmode: enforce\r\nmx: mx.dom.test\r\nmax_age: 604800\r\n",
        certificate: String = DomainCertificates.policy
    ) async throws -> PolicyServer {
        let process = try Companion.python(script, mode, policy, certificate)
        guard let port = Int(try await process.line()) else { throw HarnessError("the policy server has no port") }
        return PolicyServer(process, port)
    }

    private init(_ process: Companion, _ port: Int) { (self.process, self.port) = (process, port) }

    private static let script = #"""
        import os, socket, ssl, sys, threading
        mode, policy, certificate = sys.argv[1:]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain(certificate)
        def serve(c):
            try:
                c = context.wrap_socket(c, server_side=True); request = b''
                while b'\r\n\r\n' not in request: request += c.recv(4096)
                line = request.split(b'\r\n')[0]
                def answer(status, body, type='text/plain', extra=''):
                    c.sendall(f'HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{extra}Content-Length: {len(body)}\r\n\r\n'.encode() + body)
                if line != b'GET /.well-known/mta-sts.txt HTTP/1.1' or b'\r\nHost: mta-sts.dom.test\r\n' not in request: answer('404 Not here', b'')
                elif mode == 'good': answer('200 OK', policy.encode())
                elif mode.isdigit(): answer(f'{mode} Odd', policy.encode(), extra='Location: https://other.test/\r\n')
                elif mode == 'html': answer('200 OK', policy.encode(), 'text/html; charset=utf-8')
                elif mode == 'big': answer('200 OK', policy.encode() + b'extension: x\r\n' * (10 << 16))
                elif mode == 'binary': answer('200 OK', os.urandom(1000) + b'\0')
                elif mode == 'stall': c.recv(1)
                elif mode == 'garbage': c.sendall(b'\0\1\2 no http\r\n\r\n')
                elif mode == 'endless':
                    c.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n')
                    while True: c.sendall(b'1000\r\n' + b'x' * 4096 + b'\r\n')
            except (OSError, ssl.SSLError): pass
            finally: c.close()
        s = socket.create_server(('127.0.0.1', 0))
        print(s.getsockname()[1], flush=True)
        def accept():
            while True: threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        sys.stdin.read()
        os._exit(0)
        """#
}

/// A name server with a signed zone, and a resolver that validates it, both of loopback: BIND and unbound.
final class SignedZone: Sendable {
    private let folder: TemporaryFolder
    private let processes: [Companion]
    /// The value for `--resolver`.
    let resolver: String

    /// Starts both.
    ///
    /// - Parameters:
    ///   - records: lines of the zone `dom.test`, beside those of the mail exchanger `mx`.
    ///   - isTrusted: whether the resolver knows the key of the zone.
    static func start(_ records: [String], isTrusted: Bool = true) async throws -> SignedZone {
        let folder = try TemporaryFolder()
        let head = """
            $TTL 60
            @ SOA ns.dom.test. root.dom.test. 1 3600 600 86400 60
            @ NS ns.dom.test.
            ns A 127.0.0.1
            @ MX 10 mx.dom.test.
            mx A 127.0.0.1
            mta-sts A 127.0.0.1

            """
        try folder.write((head + records.joined(separator: "\n") + "\n").utf8, to: "zone")
        let script = """
            cd "$1"
            dnssec-keygen -q -a ECDSAP256SHA256 -f KSK dom.test
            dnssec-keygen -q -a ECDSAP256SHA256 dom.test
            dnssec-signzone -q -S -o dom.test zone
            cat Kdom*.key | grep ' 257 ' >anchor
            """
        let signing = try ChildProcess.run(["sh", "-ec", script, "sh", folder.path])
        guard signing.status == 0 else { throw HarnessError("the zone is not signed: \(signing.errors)") }
        // Neither of both lets the system pick a port, so another program may be faster.
        for _ in 0..<10 {
            let (port, second) = (try FreePort.find(), try FreePort.find())
            try folder.write(named(folder.path, port).utf8, to: "named.conf")
            try folder.write(unbound(folder.path, second, port, isTrusted).utf8, to: "unbound.conf")
            let server = try Companion(
                "sh", ["-c", "exec named -g -c \"$1\" -u root 2>&1", "sh", folder.file("named.conf")])
            guard try await wait(server, for: "running") else { continue }
            let resolver = try Companion(
                "sh", ["-c", "exec unbound -d -c \"$1\" 2>&1", "sh", folder.file("unbound.conf")])
            guard try await wait(resolver, for: "start of service") else { continue }
            return SignedZone(folder, [server, resolver], "127.0.0.1:\(second)")
        }
        throw HarnessError("no ports for named and unbound")
    }

    private init(_ folder: TemporaryFolder, _ processes: [Companion], _ resolver: String) {
        (self.folder, self.processes, self.resolver) = (folder, processes, resolver)
    }

    /// Reads what a program says until it is ready.
    ///
    /// - Returns: `false` when it has ended.
    private static func wait(_ process: Companion, for word: String) async throws -> Bool {
        while case let line = try await process.line(), !line.isEmpty { if line.contains(word) { return true } }
        return false
    }

    private static func named(_ path: String, _ port: Int) -> String {
        """
        options {
            directory "\(path)"; listen-on port \(port) { 127.0.0.1; }; listen-on-v6 { none; };
            recursion no; pid-file none; session-keyfile none;
        };
        controls {};
        zone "dom.test" { type primary; file "zone.signed"; };

        """
    }

    private static func unbound(_ path: String, _ port: Int, _ authority: Int, _ isTrusted: Bool) -> String {
        """
        server:
          interface: 127.0.0.1
          port: \(port)
          username: ""
          chroot: ""
          directory: "\(path)"
          pidfile: ""
          use-syslog: no
          logfile: ""
          verbosity: 1
          do-ip6: no
          do-not-query-localhost: no
          module-config: "validator iterator"
          \(isTrusted ? "trust-anchor-file: \"anchor\"" : "")
          local-zone: "test." nodefault
          local-data: "plain.test. MX 10 mx.dom.test."
        stub-zone:
          name: "dom.test"
          stub-addr: 127.0.0.1@\(authority)

        """
    }
}
