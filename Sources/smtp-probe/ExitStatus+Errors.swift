import CommandLineSupport
import SMTPKit

/// The exit statuses of errors and refusals, in one place.
extension ExitStatus {
    /// The status for a dialogue that ended in a stage, or was refused there.
    ///
    /// - Parameters:
    ///   - isSecured: whether it was inside TLS.
    ///   - accepted: how many recipients the server had accepted.
    init(_ stage: ClientStage?, isSecured: Bool = false, accepted: Int = 0) {
        self =
            switch stage {
            case .connect: .connect
            case .proxy: .proxy
            case .greeting: .banner
            case .hello: isSecured ? .helloAfterTLS : .hello
            case .startTLS, .handshake: .tls
            case .xclient: .xclient
            case .authentication: .authentication
            case .mail: .mail
            case .rcpt: accepted > 0 ? .someRecipients : .recipients
            case .data: .data
            case .content, .endOfData: .content
            case .quit: .quit
            case .reset, .command, nil: .expectation
            }
    }

    /// The status for a dialogue that could not go on.
    init(_ error: SMTPError, isSecured: Bool = false) {
        self =
            switch error.code {
            case .notResolved, .connectFailed: .connect
            case .timedOut: .timeout
            case .protocolViolation, .outOfSync, .plaintextBehindStartTLS, .outOfOrder: .protocolViolation
            case .tlsNotOffered, .tlsFailed: .tls
            case .secretInClear, .authenticationFailed: .authentication
            case .invalidArgument: .usage
            case _:
                switch error.stage {
                case .reset, .command, nil: .closed
                case let stage: ExitStatus(stage, isSecured: isSecured)
                }
            }
    }

    /// The status for a wait that ended early.
    init(_ interruption: Dialogue.Interruption) {
        self =
            switch interruption {
            case .abandoned: .interrupted
            case .deadline: .timeout
            case .ended(let signal): ExitStatus(signal: signal)
            }
    }

    /// The status for any error that ends the tool.
    init(_ error: any Error, isSecured: Bool = false) {
        switch error {
        case let error as SMTPError: self.init(error, isSecured: isSecured)
        case let status as ExitStatus: self = status
        case let interruption as Dialogue.Interruption: self.init(interruption)
        case is ResolverError: self = .connect
        case _: self = .usage
        }
    }
}

extension SMTPError {
    /// The error in one line, with advice for those who use the tool.
    func text(isSecured: Bool) -> String {
        guard stage == .authentication, !isSecured else { return description }
        return switch code {
        case .extensionNotOffered: "\(self) (in clear; try --tls)"
        case .secretInClear: "\(self) (try --tls)"
        case _: description
        }
    }
}
