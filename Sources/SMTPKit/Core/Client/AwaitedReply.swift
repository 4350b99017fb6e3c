/// A reply that is due: to what, and what it will mean.
struct AwaitedReply: Sendable {
    /// The effect of a reply on the session's state.
    enum Purpose: Hashable, Sendable {
        case greeting
        case hello(isExtended: Bool)
        case startTLS
        case authentication
        case mail
        case rcpt
        case data
        case endOfData
        case chunk
        case reset
        case quit
        case xclient
        case other
    }

    let command: SentCommand
    let purpose: Purpose
    /// Whether the session sent the command for a step of its own, and not as a line that it was given.
    let isOwn: Bool
}

extension AwaitedReply.Purpose {
    /// Creates the purpose of the reply to a verb.
    init(_ verb: Verb?) {
        switch verb {
        case .helo: self = .hello(isExtended: false)
        case .ehlo, .lhlo: self = .hello(isExtended: true)
        case .startTLS: self = .startTLS
        case .auth: self = .authentication
        case .mail: self = .mail
        case .rcpt: self = .rcpt
        case .data: self = .data
        case .bdat: self = .chunk
        case .rset: self = .reset
        case .quit: self = .quit
        case .xclient: self = .xclient
        case .noop, .vrfy, .expn, .help, .turn, .send, .soml, .saml, .etrn, nil: self = .other
        }
    }

    /// The stage in which the reply is awaited.
    var stage: ClientStage {
        switch self {
        case .greeting: .greeting
        case .hello: .hello
        case .startTLS: .startTLS
        case .authentication: .authentication
        case .mail: .mail
        case .rcpt: .rcpt
        case .data: .data
        case .endOfData: .endOfData
        case .chunk: .content
        case .reset: .reset
        case .quit: .quit
        case .xclient: .xclient
        case .other: .command
        }
    }
}

/// The replies that are due, in order: what was sent first is answered first (RFC 2920, section 3.2).
struct AwaitedReplies: Sendable {
    private var queue: [AwaitedReply] = []
    private var head = 0

    var isEmpty: Bool { head == queue.count }
    var count: Int { queue.count - head }
    var first: AwaitedReply? { head < queue.count ? queue[head] : nil }

    mutating func append(_ awaited: AwaitedReply) { queue.append(awaited) }

    mutating func removeFirst() {
        head += 1
        guard head == queue.count || head >= 1_024 else { return }
        queue.removeFirst(head)
        head = 0
    }

    mutating func removeAll() {
        queue.removeAll()
        head = 0
    }
}
