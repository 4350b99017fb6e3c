import CommandLineSupport
import Dispatch
import Glibc
import SMTPKit
import Synchronization

/// Runs the command after `--` beside the server, with the server's address in its environment.
final class CommandRunner: Sendable {
    /// The program and its arguments.
    private let words: [[UInt8]]
    private let scheme: String
    private let certificate: SecuritySetup.Certificate?
    /// The state of the process.
    private enum State {
        /// It has not started; signals wait for it.
        case waiting([Int32])
        case running(pid_t)
        case ended
    }

    private let state = Mutex(State.waiting([]))

    /// - Parameters:
    ///   - scheme: the protocol in `SMTP_URL`.
    ///   - certificate: the server's, which the command may have to trust.
    init(_ words: [[UInt8]], scheme: String = "smtp", certificate: SecuritySetup.Certificate? = nil) {
        self.words = words
        self.scheme = scheme
        self.certificate = certificate
    }

    /// Starts the command and waits for its end.
    ///
    /// - Parameters:
    ///   - addresses: the listeners; the command finds the first as `SMTP_HOST`, `SMTP_PORT` and `SMTP_URL`.
    ///   - clearCount: how many of them, the first ones, begin in clear.
    /// - Returns: its exit status, 128 + n when signal n ended it.
    /// - Throws: ``SystemError`` when it cannot be started.
    func run(_ addresses: [ListenAddress], clearCount: Int) async throws -> Int32 {
        let pid = try spawn(
            environment: Self.environment(for: addresses, scheme: scheme, clearCount: clearCount)
                + certificateVariable)
        state.withLock { state in
            if case .waiting(let signals) = state { for signal in signals { _ = kill(pid, signal) } }
            state = .running(pid)
        }
        return await withCheckedContinuation { continuation in
            DispatchQueue(label: "smtpd-lite.command").async { [self] in
                var information = siginfo_t()
                while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
                // From here on the number may be another process's.
                state.withLock { $0 = .ended }
                var status: Int32 = 0
                while waitpid(pid, &status, 0) < 0, errno == EINTR {}
                continuation.resume(returning: Self.exitStatus(status))
            }
        }
    }

    /// Passes a signal on to the command, as soon as it runs.
    func send(_ signal: Int32) {
        state.withLock { state in
            switch state {
            case .waiting(let signals): state = .waiting(signals + [signal])
            case .running(let pid): _ = kill(pid, signal)
            case .ended: break
            }
        }
    }

    /// Asks the command to end, and kills it just before the server's own end when it has not.
    func end() {
        send(SIGTERM)
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(4_500)) { self.send(SIGKILL) }
    }

    /// Returns the exit status that a shell would report for a process that ended.
    static func exitStatus(_ status: Int32) -> Int32 {
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// The variables that tell a command where the server is.
    static func environment(
        for addresses: [ListenAddress], scheme: String = "smtp", clearCount: Int = .max
    ) -> [String] {
        let index = addresses.firstIndex(where: \.isTCP) ?? addresses.startIndex
        switch addresses.indices.contains(index) ? addresses[index] : nil {
        case .tcp(let host, let port):
            let reachable = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
            let scheme = index < clearCount ? scheme : scheme + "s"
            let url = ListenAddress.tcp(host: reachable, port: port)
            return ["SMTP_HOST=\(reachable)", "SMTP_PORT=\(port)", "SMTP_URL=\(scheme)://\(url)"]
        case .unix(let path): return ["SMTP_URL=unix:\(path)"]
        case .descriptor, nil: return []
        }
    }

    /// The variable that tells a command where the server's certificate is.
    private var certificateVariable: [String] {
        get throws {
            switch certificate {
            case .file(let path): ["SMTP_CERT=\(path)"]
            case .text(let text): ["SMTP_CERT=\(try WholeFile.writeTemporary(text, suffix: ".pem"))"]
            case nil: []
            }
        }
    }

    private func spawn(environment: [String]) throws -> pid_t {
        Descriptor.keepFromPrograms()
        var settings = ChildProgram.Settings()
        settings.environment =
            ChildProgram.inheritedEnvironment(without: ["SMTP_HOST", "SMTP_PORT", "SMTP_URL", "SMTP_CERT"])
            + environment.map { Array($0.utf8) }
        let (process, errorNumber) = ChildProgram.start(words, settings)
        guard errorNumber == 0 else {
            throw SystemError("run", path: String(decoding: words[0], as: UTF8.self), errorNumber)
        }
        return process
    }
}
