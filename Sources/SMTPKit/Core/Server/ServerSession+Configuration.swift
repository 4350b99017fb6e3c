extension ServerSession {
    /// The configuration that all sessions of a server share, with derived values that are computed once.
    public final class Configuration: Sendable {
        /// Which protocol is spoken.
        public let serverProtocol: ServerProtocol
        /// The server's name, as it appears in the greeting and in `Received`.
        public let hostname: String
        /// The limits for clients.
        public let limits: Limits
        /// The treatment of a lone CR or LF.
        public let bareNewlines: BareNewlinePolicy
        /// How much is let pass that the grammar does not allow.
        public let syntax: SyntaxPolicy
        /// The extensions on offer.
        public let extensions: Set<ServiceExtension>
        /// The application's own extensions on offer.
        public let added: [ExtensionDefinition]
        /// The questions that the driver wants to be asked; `message` is always asked.
        public let decisions: Decision.Kinds
        /// The stages at which the driver steps in.
        public let intercepted: Set<DialogueStage>
        /// Whether the driver wants the bytes of messages, not only their number.
        public let isContentWanted: Bool
        /// Whether the driver wants to see the dialogue line by line.
        public let isTraced: Bool
        /// Whether the driver wants to be told of refusals and of what is remarkable (``ServerOutput/remarks``).
        public let wantsRemarks: Bool
        /// Whether there are also remarks about commands that only the lenient grammar allows; each is read twice then.
        public let wantsSyntaxRemarks: Bool

        /// The security that a session offers and demands.
        public let security: SecurityPolicy

        /// The networks whose clients may speak in the name of others, with `XCLIENT`.
        public let xclients: [CIDRBlock]

        let sessionSecurity: SessionSecurity
        let greeting: Reply
        let heloReply: Reply
        private let clearEhloReply: Reply
        private let securedEhloReply: Reply
        private let certifiedEhloReply: Reply
        let helpReply: Reply
        let parser: CommandParser
        /// The grammar itself, for remarks about what goes beyond it.
        let strictParser: CommandParser
        let parameters: ParameterRules
        let sendsStatus: Bool
        /// Whether the acknowledgement of a message can be written directly: it has a status, is not traced, and is one
        /// reply.
        let answersInOneWrite: Bool
        /// Whether commands of the usual form may be read in one pass.
        let readsPlainPaths: Bool
        /// Whether groups of recipients may be read at once (``readRecipientsAndData(_:from:_:)``).
        let readsRecipients: Bool
        /// The reply that accepts a recipient, ``recipientReplies`` times.
        let recipientsOK: [UInt8]
        /// The length of one of them in bytes.
        let recipientOKLength: Int
        /// How many replies to recipients are written at once.
        static let recipientReplies = 16

        /// Makes a configuration.
        ///
        /// - Parameters:
        ///   - serverProtocol: the protocol of the sessions.
        ///   - hostname: a domain name or address literal.
        ///   - banner: the text after the name in the greeting; `nil` for the protocol's name and the library's.
        ///   - limits: the limits for clients.
        ///   - bareNewlines: the treatment of a lone CR or LF.
        ///   - syntax: how much is accepted that the grammar does not allow.
        ///   - promised: those of ``ServiceExtension/promises`` that are offered.
        ///   - hidden: extensions that are not offered.
        ///   - added: the application's own extensions, which are listed after those of the library. With the protocol
        ///     ``ServerProtocol/smtp`` none is offered.
        ///   - security: the security that a session offers and demands.
        ///   - xclients: the networks whose clients may use `XCLIENT`.
        ///   - decisions: the questions that the driver wants to be asked.
        ///   - intercepted: the stages at which the driver steps in (``Decision/step(_:)``).
        ///   - isContentWanted: whether the bytes of messages are handed out.
        ///   - isTraced: whether the dialogue is handed out line by line.
        ///   - wantsRemarks: whether there are remarks about refusals and oddities.
        ///   - wantsSyntaxRemarks: whether there are also remarks about commands that only the lenient grammar allows.
        public init(
            serverProtocol: ServerProtocol = .esmtp,
            hostname: String,
            banner: String? = nil,
            limits: Limits = Limits(),
            bareNewlines: BareNewlinePolicy = .reject,
            syntax: SyntaxPolicy = .lenient,
            promised: Set<ServiceExtension> = [],
            hidden: Set<ServiceExtension> = [],
            added: [ExtensionDefinition] = [],
            security: SecurityPolicy = SecurityPolicy(),
            xclients: [CIDRBlock] = [],
            decisions: Decision.Kinds = [],
            intercepted: Set<DialogueStage> = [],
            isContentWanted: Bool = true,
            isTraced: Bool = false,
            wantsRemarks: Bool = false,
            wantsSyntaxRemarks: Bool = false
        ) {
            self.serverProtocol = serverProtocol
            self.hostname = hostname
            self.limits = limits
            self.bareNewlines = bareNewlines
            self.syntax = syntax
            self.decisions = decisions
            self.intercepted = intercepted
            self.isContentWanted = isContentWanted
            self.isTraced = isTraced
            self.wantsRemarks = wantsRemarks
            self.wantsSyntaxRemarks = wantsSyntaxRemarks
            var extensions = Set(ServiceExtension.allCases).subtracting(ServiceExtension.promises).union(promised)
            extensions.subtract(hidden)
            if serverProtocol == .smtp { extensions = [] }
            if !decisions.contains(.expand) { extensions.remove(.expn) }
            // RFC 6531, section 3.1, item 8: SMTPUTF8 needs 8BITMIME.
            if !extensions.contains(.eightBitMIME) { extensions.remove(.smtpUTF8) }
            // RFC 3030, section 3, items 3 and 5.
            if !extensions.isSuperset(of: [.chunking, .eightBitMIME]) { extensions.remove(.binaryMIME) }
            if security.tls == .none { extensions.remove(.startTLS) }
            // A listener of implicit TLS comes with STARTTLS on the others.
            if security.tls == .none { extensions.remove(.requireTLS) }
            if xclients.isEmpty { extensions.remove(.xclient) }
            if security.mechanisms.isEmpty || security.cryptography == nil { extensions.remove(.auth) }
            self.extensions = extensions
            let added = serverProtocol == .smtp ? [] : added
            self.added = added
            self.security = security
            self.xclients = xclients
            sessionSecurity = Self.sessionSecurity(security, extensions)
            let banner = banner ?? "\(serverProtocol.rawValue) SMTPKit"
            greeting = Reply(220, nil, banner.isEmpty ? hostname : "\(hostname) \(banner)")
            heloReply = Reply(250, nil, hostname)
            func ehloReply(_ tls: Peer.TLSProperties?) -> Reply {
                Self.capabilities(hostname, extensions, added, limits, security, tls).reply
            }
            clearEhloReply = ehloReply(nil)
            securedEhloReply = ehloReply(Peer.TLSProperties(version: "", cipherSuite: ""))
            certifiedEhloReply = ehloReply(Peer.TLSProperties(version: "", cipherSuite: "", clientSubject: ""))
            strictParser = CommandParser(policy: .strict, limits: limits)
            helpReply = Self.help(serverProtocol, sessionSecurity, extensions)
            parser = CommandParser(policy: syntax, limits: limits)
            parameters = ParameterRules(offered: extensions, limits: limits, added: added)
            sendsStatus = extensions.contains(.enhancedStatusCodes)
            readsPlainPaths = parser.readsPlainPaths && !wantsSyntaxRemarks && intercepted.isEmpty
            readsRecipients =
                readsPlainPaths && !isTraced && !decisions.contains(.recipient)
                && limits.recipientDomains == nil
            let recipientOK = sendsStatus ? Reply.recipientOK.octets : Reply.recipientOK.octetsWithoutStatus
            recipientOKLength = recipientOK.count
            recipientsOK = Array(repeatElement(recipientOK, count: Self.recipientReplies).joined())
            answersInOneWrite = sendsStatus && !isTraced && serverProtocol != .lmtp
        }

        /// The reply to `EHLO`, which depends on how the connection is secured.
        func ehloReply(for tls: Peer.TLSProperties?, isXClientTrusted: Bool) -> Reply {
            let reply =
                switch tls {
                case nil: clearEhloReply
                case let tls?: tls.clientSubject == nil ? securedEhloReply : certifiedEhloReply
                }
            guard isXClientTrusted, extensions.contains(.xclient) else { return reply }
            let names = XClientAttribute.names.joined(separator: " ")
            return Reply(reply.code, nil, lines: reply.lines + ["\(ServiceExtension.xclient.rawValue) \(names)"])
        }

        private static func sessionSecurity(
            _ policy: SecurityPolicy, _ extensions: Set<ServiceExtension>
        ) -> SessionSecurity {
            var security = SessionSecurity()
            security.tls = extensions.contains(.startTLS) ? policy.tls : .none
            security.offersAuthentication = extensions.contains(.auth)
            security.requiresAuthentication = policy.requiresAuthentication
            return security
        }

        private static func capabilities(
            _ hostname: String, _ extensions: Set<ServiceExtension>, _ added: [ExtensionDefinition], _ limits: Limits,
            _ security: SecurityPolicy, _ tls: Peer.TLSProperties?
        ) -> Capabilities {
            let context = CapabilityContext(limits: limits, tls: tls, mechanisms: security.mechanisms(for: tls))
            let definitions = ServiceExtension.allCases.filter(extensions.contains).map(\.definition) + added
            let entries = definitions.compactMap { $0.capability(context) }
            return Capabilities(greeting: hostname, entries: entries)
        }

        /// Names the verbs that have a place in some phase.
        private static func help(
            _ serverProtocol: ServerProtocol, _ security: SessionSecurity, _ extensions: Set<ServiceExtension>
        ) -> Reply {
            var security = security
            security.isSecured = security.tls == .required
            security.requiresAuthentication = false
            let verbs = Verb.allCases.filter { verb in
                switch verb {
                case .bdat where !extensions.contains(.chunking), .expn where !extensions.contains(.expn), .xclient:
                    return false
                case _: break
                }
                return SessionPhase.allCases.contains { phase in
                    CommandRules.refusal(of: verb, in: phase, security, for: serverProtocol) == nil
                }
            }
            return Reply(
                214, .success(.otherUndefinedStatus),
                lines: ["Commands: \(verbs.map(\.rawValue).joined(separator: " "))", "See RFC 5321"])
        }
    }
}
