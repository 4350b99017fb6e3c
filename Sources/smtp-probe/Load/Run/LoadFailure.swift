import Glibc
import NIOCore
import SMTPKit

/// The end of a session that could not go on: a refusal by a reply, or a failure without one.
enum LoadFailure {
    case refused(Reply, ExitStatus)
    case failed(LoadTally.FailureKind, ExitStatus, String)

    /// Sorts an error.
    ///
    /// - Parameters:
    ///   - error: what ended the session.
    ///   - isSecured: whether TLS was active.
    init(_ error: any Error, isSecured: Bool) {
        if let interruption = error as? LoadInterruption {
            self = .failed(.interrupted, interruption.status, "\(interruption)")
            return
        }
        let status = ExitStatus(error, isSecured: isSecured)
        let text = (error as? SMTPError)?.text(isSecured: isSecured) ?? "\(error)"
        guard let error = error as? SMTPError else {
            self = .failed(error is ResolverError ? .resolve : .other, status, text)
            return
        }
        switch error.code {
        case .refused, .serviceClosing:
            if let reply = error.reply {
                self = .refused(reply, status)
            } else {
                self = .failed(.closed, status, text)
            }
        case .notResolved: self = .failed(.resolve, status, text)
        case .connectFailed:
            self = .failed(Self.lacksDescriptors(error.underlying) ? .descriptors : .connect, status, text)
        case .tlsNotOffered, .tlsFailed, .plaintextBehindStartTLS: self = .failed(.tls, status, text)
        case .timedOut: self = .failed(.timeout, status, text)
        case .closed: self = .failed(.closed, status, text)
        case .protocolViolation, .outOfSync, .outOfOrder: self = .failed(.protocol, status, text)
        case .extensionNotOffered: self = .failed(.unsupported, status, text)
        case _: self = .failed(.other, status, text)
        }
    }

    private static func lacksDescriptors(_ error: (any Error)?) -> Bool {
        guard let error = error as? IOError else { return false }
        return error.errnoCode == EMFILE || error.errnoCode == ENFILE
    }
}

/// The reason that a run ends early.
enum LoadInterruption: Error, Hashable, CustomStringConvertible {
    /// A signal.
    case signal(Int32)
    /// The time of `--deadline` is over.
    case deadline

    /// The exit status that it brings about.
    var status: ExitStatus {
        switch self {
        case .signal(let number): ExitStatus(signal: number)
        case .deadline: .timeout
        }
    }

    var description: String {
        switch self {
        case .signal: "interrupted"
        case .deadline: "the time of --deadline is over"
        }
    }
}
