package import SMTPCore

/// An answer of the application to one kind of question.
///
///     @hook KIND [~REGEX] REPLY                a reply in place of the usual one
///     @hook KIND [~REGEX] close [REPLY]        the connection is closed
///     @hook message accept-as NAME             the message has this name
///     @hook message each REPLY / REPLY ...     one reply for each recipient
///
/// The first that matches answers. What none matches is accepted.
package struct Hook: Sendable {
    /// The kinds of question.
    package enum Kind: String, Sendable, CaseIterable {
        case connection, hello, sender, recipient, message, verify, expand
    }

    /// Which questions it answers.
    package let kind: Kind
    /// A regular expression for the name or the address that is asked about; `nil` for any.
    package let pattern: String?
    /// The answer.
    package let verdict: DecisionAnswer

    /// Whether it answers this question.
    func answers(_ kind: Kind, _ subject: String) throws -> Bool {
        guard kind == self.kind else { return false }
        guard let pattern else { return true }
        return try subject.contains(Regex(pattern))
    }
}

extension Transcript {
    /// The application's answer to a question of `kind` about `subject`.
    package func verdict(_ kind: Hook.Kind, _ subject: String = "") throws -> DecisionAnswer {
        try hooks.first { try $0.answers(kind, subject) }?.verdict ?? .accept
    }

    /// The application's answer to a session's question.
    package func verdict(on decision: Decision) throws -> DecisionAnswer {
        switch decision {
        case .connection: try verdict(.connection)
        case .hello(_, let name): try verdict(.hello, name)
        case .sender(let path, _): try verdict(.sender, path.description)
        case .recipient(let recipient): try verdict(.recipient, recipient.path.description)
        case .message: try verdict(.message)
        case .authenticate(let question): .answer(Self.answer(question))
        case .authenticationFailure: .accept
        case .verify(let argument): try verdict(.verify, argument)
        case .expand(let argument): try verdict(.expand, argument)
        case .step, .pause: .accept
        case .stall: .close(nil)
        }
    }

    /// The one user of all transcripts is `alice`, and her password `secret`.
    package static func answer(_ question: SASLQuestion) -> SASLAnswer {
        let password = Secret("secret")
        switch question {
        case .password(let user, let identity, let given):
            return user == "alice" && identity == nil && given == password ? .accepted : .refused
        case .token(_, let token): return token == password ? .acceptedAs("alice") : .refused
        case .external(let subject, _): return .acceptedAs(subject)
        case .secret(let user, let identity, _):
            return user == "alice" && identity == nil ? .password(password) : .refused
        }
    }

    /// The kinds of question that the hooks are about.
    package var decisions: Decision.Kinds {
        hooks.reduce(into: []) { kinds, hook in
            switch hook.kind {
            case .connection: kinds.insert(.connection)
            case .hello: kinds.insert(.hello)
            case .sender: kinds.insert(.sender)
            case .recipient: kinds.insert(.recipient)
            case .verify: kinds.insert(.verify)
            case .expand: kinds.insert(.expand)
            case .message: break
            }
        }
    }
}
