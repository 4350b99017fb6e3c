/// How far a session has come: what decides which commands may follow.
///
/// - SeeAlso: RFC 5321, section 4.1.4.
public enum SessionPhase: Hashable, Sendable, CaseIterable {
    /// The greeting refused service; only `QUIT` is left (RFC 5321, section 3.1).
    case refused
    /// Greeted; no hello yet.
    case greeted
    /// Hello done; no transaction.
    case ready
    /// `MAIL` accepted, no recipient yet.
    case mail
    /// At least one recipient accepted.
    case recipients
    /// At least one chunk of the message came, and not the last.
    case chunks
}

/// The one table of which command may come when.
///
/// It is asked before a command's arguments are read and before any handler runs.
///
/// - SeeAlso: RFC 5321, sections 3.1, 4.1.1 and 4.1.4.
public enum CommandRules {
    /// The reply that refuses a command, or `nil` when the command may go on.
    public static func refusal(
        of verb: Verb, in phase: SessionPhase, _ security: SessionSecurity = SessionSecurity(),
        for serverProtocol: ServerProtocol = .esmtp
    ) -> Reply? {
        // RFC 2033, section 4.1: 500 for the hello of another protocol.
        if phase != .refused, !serverProtocol.knows(verb) { return .unknownCommand }
        if phase != .refused, let refusal = securityRefusal(of: verb, security) { return refusal }
        guard let refusal = refusal(of: verb, in: phase) else { return nil }
        return serverProtocol == .lmtp && refusal == .helloFirst ? .lhloFirst : refusal
    }

    @inline(__always)
    private static func securityRefusal(of verb: Verb, _ security: SessionSecurity) -> Reply? {
        let mustStartTLS = security.tls == .required && !security.isSecured
        switch verb {
        case .ehlo, .lhlo, .noop, .quit:
            return nil
        case .startTLS:
            guard security.tls != .none else { return .notImplemented }
            return security.isSecured ? .tlsActive : nil
        case .auth:
            if mustStartTLS { return .startTLSFirst }
            guard security.offersAuthentication else { return .notImplemented }
            return security.isAuthenticated ? .alreadyAuthenticated : nil
        case .mail:
            if mustStartTLS { return .startTLSFirst }
            return security.requiresAuthentication && !security.isAuthenticated ? .authenticationRequired : nil
        case .helo, .rcpt, .data, .bdat, .rset, .vrfy, .expn, .help, .xclient, .turn, .send, .soml, .saml, .etrn:
            return mustStartTLS ? .startTLSFirst : nil
        }
    }

    @inline(__always)
    private static func refusal(of verb: Verb, in phase: SessionPhase) -> Reply? {
        switch phase {
        case .refused: verb == .quit ? nil : .serviceRefused
        case .greeted: refusalBeforeHello(verb)
        case .ready: refusalWithoutTransaction(verb)
        case .mail: refusalWithoutRecipients(verb)
        case .recipients: refusalWithRecipients(verb)
        case .chunks: refusalWithChunks(verb)
        }
    }

    private static func refusalBeforeHello(_ verb: Verb) -> Reply? {
        switch verb {
        case .helo, .ehlo, .lhlo, .rset, .noop, .quit, .vrfy, .expn, .help, .xclient: nil
        case .mail, .rcpt, .data, .bdat, .startTLS, .auth: .helloFirst
        case .turn, .send, .soml, .saml, .etrn: .notImplemented
        }
    }

    private static func refusalWithoutTransaction(_ verb: Verb) -> Reply? {
        switch verb {
        case .helo, .ehlo, .lhlo, .mail, .rset, .noop, .quit, .vrfy, .expn, .help, .startTLS, .auth, .xclient: nil
        case .rcpt, .data, .bdat: .mailFirst
        case .turn, .send, .soml, .saml, .etrn: .notImplemented
        }
    }

    private static func refusalWithoutRecipients(_ verb: Verb) -> Reply? {
        switch verb {
        // A hello within a transaction ends it, as RSET does (RFC 5321, section 4.1.4).
        case .helo, .ehlo, .lhlo, .rcpt, .rset, .noop, .quit, .vrfy, .expn, .help: nil
        case .mail: .nestedMail
        case .startTLS, .auth, .xclient: .transactionUnderWay
        case .data, .bdat: .noValidRecipients
        case .turn, .send, .soml, .saml, .etrn: .notImplemented
        }
    }

    private static func refusalWithRecipients(_ verb: Verb) -> Reply? {
        switch verb {
        case .helo, .ehlo, .lhlo, .rcpt, .data, .bdat, .rset, .noop, .quit, .vrfy, .expn, .help: nil
        case .mail: .nestedMail
        case .startTLS, .auth, .xclient: .transactionUnderWay
        case .turn, .send, .soml, .saml, .etrn: .notImplemented
        }
    }

    /// RFC 3030, section 2: `DATA` and `BDAT` do not mix, and only `RSET` and its like end what was begun.
    private static func refusalWithChunks(_ verb: Verb) -> Reply? {
        switch verb {
        case .helo, .ehlo, .lhlo, .bdat, .rset, .noop, .quit, .vrfy, .expn, .help: nil
        case .mail: .nestedMail
        case .rcpt, .data: .chunksUnderWay
        case .startTLS, .auth, .xclient: .transactionUnderWay
        case .turn, .send, .soml, .saml, .etrn: .notImplemented
        }
    }
}
