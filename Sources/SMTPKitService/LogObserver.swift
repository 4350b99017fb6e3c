#if Service
public import Logging
public import SMTPKit

/// Writes what a server does to a log.
///
/// | level | what |
/// |---|---|
/// | `notice` | where the server listens |
/// | `warning` | a hook, a store or a connection failed |
/// | `info` | a message was stored; a command or a message was refused |
/// | `debug` | a connection came, or went |
/// | `trace` | the dialogue, line by line, secrets masked |
///
/// Names, numbers and addresses are in the metadata: `session`, `peer`, `id`, `octets`, `recipients`. No line holds the
/// content of a message.
public struct LogObserver: ServerObserver {
    private let logger: Logger
    public let wantsDialogue: Bool
    public let wantsRemarks: Bool

    /// Makes an observer. Whether the dialogue is logged depends on the logger's level now.
    public init(_ logger: Logger) {
        self.logger = logger
        wantsDialogue = logger.logLevel <= .trace
        wantsRemarks = logger.logLevel <= .info
    }

    public func listening(on listeners: [Listener]) {
        for listener in listeners {
            logger.notice("listening", metadata: ["address": "\(listener)", "tls": "\(listener.isSecured)"])
        }
    }

    public func sessionStarted(_ session: Int, _ peer: Peer) {
        logger.debug("session started", metadata: ["session": "\(session)", "peer": "\(peer.address)"])
    }

    public func sessionEnded(_ session: Int) {
        logger.debug("session ended", metadata: ["session": "\(session)"])
    }

    public func messageStored(_ message: Message) {
        logger.info(
            "message stored",
            metadata: [
                "id": "\(message.id)", "peer": "\(message.peer.address)",
                "octets": "\(message.content.count)", "recipients": "\(message.envelope.recipients.count)",
            ])
    }

    public func dialogue(_ entry: TraceEntry, of session: Int) {
        let metadata: Logger.Metadata = ["session": "\(session)"]
        switch entry {
        case .client(let line): logger.trace("C: \(line)", metadata: metadata)
        case .server(let reply): logger.trace("S: \(reply)", metadata: metadata)
        case .content(let octets): logger.trace("C: (\(octets) octets of content)", metadata: metadata)
        case .bareNewlines: logger.trace("the content had a CR or LF that stood alone", metadata: metadata)
        }
    }

    public func remark(_ remark: DialogueRemark, of session: Int) {
        guard case .refused(let refusal) = remark else { return }
        logger.info(
            "refused",
            metadata: [
                "session": "\(session)", "stage": "\(refusal.stage?.rawValue ?? "command")",
                "reply": "\(refusal.reply)",
            ])
    }

    public func failed(_ reason: String) { logger.warning("\(reason)") }
}
#endif
