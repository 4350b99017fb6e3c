import SMTPKit

/// The names of stages: in the document, in `--quit-after` and `--drop-after`, and in performance data.
enum StageName: String, CaseIterable, Hashable, Sendable {
    /// Finding the addresses.
    case resolve
    case connect
    /// The greeting, and a PROXY header before it.
    case banner
    case ehlo
    /// `STARTTLS` and the handshake.
    case tls
    /// `EHLO` inside TLS.
    case ehloTLS = "ehlo-tls"
    case xclient, auth, mail, rcpt
    /// `DATA`.
    case data
    /// The content, and the reply after it.
    case message
    case quit
    /// Any other command of a script.
    case command
    /// The command line.
    case usage

    /// The name of a stage of the session.
    init(_ stage: ClientStage, isSecured: Bool) {
        self =
            switch stage {
            case .connect: .connect
            case .proxy, .greeting: .banner
            case .hello: isSecured ? .ehloTLS : .ehlo
            case .startTLS, .handshake: .tls
            case .xclient: .xclient
            case .authentication: .auth
            case .mail: .mail
            case .rcpt: .rcpt
            case .data: .data
            case .content, .endOfData: .message
            case .quit: .quit
            case .reset, .command: .command
            }
    }

    /// Those that take time, in their order.
    static let timed = allCases.filter { $0 != .usage }
}
