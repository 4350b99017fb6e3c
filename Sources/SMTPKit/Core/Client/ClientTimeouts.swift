/// How long a client waits, stage by stage.
///
/// The defaults are those of RFC 5321, section 4.5.3.2, which a client that delivers mail for others must not undercut;
/// a tool at which a person waits sets all of them at once with ``init(all:)``.
public struct ClientTimeouts: Hashable, Sendable {
    /// For a connection to one address. The RFC names no time.
    public var connect: Duration = .seconds(30)
    /// For the greeting (section 4.5.3.2.1).
    public var greeting: Duration = .seconds(300)
    /// For a TLS handshake.
    public var handshake: Duration = .seconds(60)
    /// For the reply to `MAIL` (section 4.5.3.2.2).
    public var mail: Duration = .seconds(300)
    /// For the reply to each `RCPT` (section 4.5.3.2.3).
    public var rcpt: Duration = .seconds(300)
    /// For the `354` to `DATA` (section 4.5.3.2.4).
    public var dataInitiation: Duration = .seconds(120)
    /// For a block of the content to be taken (section 4.5.3.2.5).
    public var dataBlock: Duration = .seconds(180)
    /// For the reply to a whole message (section 4.5.3.2.6).
    public var dataTermination: Duration = .seconds(600)
    /// For the reply to any other command.
    public var command: Duration = .seconds(300)

    /// The defaults.
    public init() {}

    /// The same time for each stage.
    public init(all time: Duration) {
        connect = time
        greeting = time
        handshake = time
        mail = time
        rcpt = time
        dataInitiation = time
        dataBlock = time
        dataTermination = time
        command = time
    }

    /// How long a client stays in a stage without any progress.
    public subscript(stage: ClientStage) -> Duration {
        switch stage {
        case .connect: connect
        case .greeting: greeting
        case .handshake: handshake
        case .mail: mail
        case .rcpt: rcpt
        case .data: dataInitiation
        case .content: dataBlock
        case .endOfData: dataTermination
        case .proxy, .hello, .startTLS, .xclient, .authentication, .reset, .quit, .command: command
        }
    }
}
