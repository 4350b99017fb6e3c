/// A point of a dialogue at which its driver may step in.
///
/// Each comes before the server has an opinion of its own: before the order of commands is looked at, before
/// arguments are parsed, and before hooks are asked.
public enum DialogueStage: String, Hashable, Sendable, CaseIterable {
    /// A connection, before the greeting. Argument: the client's IP address.
    case connect
    /// `HELO`, `EHLO` or `LHLO`. Argument: the name.
    case helo
    /// `STARTTLS`. No argument.
    case starttls
    /// `AUTH`. Argument: the mechanism; the rest of the line is secret.
    case auth
    /// `MAIL`. Argument: `FROM:<joe@example.org> SIZE=10`.
    case mail
    /// `RCPT`. Argument: `TO:<ann@example.net>`.
    case rcpt
    /// `DATA`. Argument: the envelope, as ``DialogueStep/argument`` has it.
    case data
    /// The content of a message, when it begins. Argument: the envelope.
    case body
    /// The end of a message, before anyone is asked to keep it. Argument: the envelope.
    case dot
    /// `BDAT`. Argument: `1000 LAST`.
    case bdat
    /// `RSET`. No argument.
    case rset
    /// `NOOP`. Argument: the rest of the line.
    case noop
    /// `VRFY`. Argument: what is to be verified.
    case vrfy
    /// `QUIT`. No argument.
    case quit

    /// The stage at which a command comes, if there is one for it.
    init?(_ verb: Verb) {
        switch verb {
        case .helo, .ehlo, .lhlo: self = .helo
        case .startTLS: self = .starttls
        case .auth: self = .auth
        case .mail: self = .mail
        case .rcpt: self = .rcpt
        case .data: self = .data
        case .bdat: self = .bdat
        case .rset: self = .rset
        case .noop: self = .noop
        case .vrfy: self = .vrfy
        case .quit: self = .quit
        case .expn, .help, .turn, .send, .soml, .saml, .etrn, .xclient: return nil
        }
    }
}

extension Peer.Address {
    /// The IP address, or `local`.
    var text: String {
        switch self {
        case .ip(let host, _): host
        case .local: "local"
        }
    }
}

/// A stage that a dialogue has come to.
public struct DialogueStep: Hashable, Sendable {
    /// The stage.
    public var stage: DialogueStage
    /// The argument of the step, as ``DialogueStage`` defines it; never a secret.
    ///
    /// An envelope is written as its paths, joined by spaces: `<joe@example.org> <ann@example.net>`.
    public var argument: String

    /// A step.
    public init(_ stage: DialogueStage, argument: String = "") {
        self.stage = stage
        self.argument = argument
    }

    /// The address that `MAIL` or `RCPT` is about, without angle brackets and parameters; `nil` at other stages,
    /// and where there is none.
    public var address: Substring? {
        guard stage == .mail || stage == .rcpt, let colon = argument.firstIndex(of: ":") else { return nil }
        let path = argument[argument.index(after: colon)...].drop { $0 == " " }
        guard path.hasPrefix("<") else { return path.prefix { $0 != " " } }
        guard let end = path.lastIndex(of: ">") else { return path.dropFirst() }
        return path[path.index(after: path.startIndex)..<end]
    }
}
