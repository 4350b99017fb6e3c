import CommandLineSupport
import SMTPKit
import SMTPTLS

/// Connections: made, secured, ended.
extension Interpreter {
    /// Connects to a target, or to the one before.
    func open(_ rest: String) throws {
        if !rest.isEmpty { target = try TargetArgument.parse(rest) }
        guard let target else { throw ValueError("a TARGET is wanted, such as :open mx.example:25") }
        guard !dialogue.isOpen else { throw ValueError("there is a connection already (:close or :reconnect)") }
        hasSaidGoodbye = false
        let options = common.connection
        let candidates: [Candidate]
        do {
            candidates = try dialogue.wait { try Candidate.find(target, options) }
        } catch let error as Dialogue.Interruption {
            throw error
        } catch {
            return refuse(ExitStatus(error), "\(error)", .connect)
        }
        for (index, candidate) in candidates.enumerated() {
            let isLast = index == candidates.count - 1
            try connect(to: candidate, target)
            if dialogue.isOpen || isLast { break }
            // The next of the mail exchangers has its turn.
            pending = nil
            answers = []
        }
        try prepare()
    }

    private func connect(to candidate: Candidate, _ target: Target) throws {
        var options = PollableConnection.Options()
        options.session.isRaw = true
        options.session.isTraced = true
        options.session.isLMTP = target.scheme == .lmtp
        options.session.cryptography = OpenSSLCryptography()
        options.session.host = candidate.host
        if case .host(_, let port) = target.place { options.session.port = port }
        options.security = try common.tls.security(common.tls.mode(for: target) ?? .optional)
        options.host = candidate.host
        options.preamble = proxyLine.map { Array("\($0)\r\n".utf8) } ?? []
        options.source = try common.connection.source.map { try SocketTarget.source($0) }
        try dialogue.open(candidate.addresses, options)
        if dialogue.isOpen, let text = dialogue.connection?.target?.text { console.note("connected to \(text)") }
    }

    /// Does what the options ask for once there is a connection.
    private func prepare() throws {
        guard dialogue.isOpen, pending == nil, answers.allSatisfy({ $0.status == nil }), let target else { return }
        let mode = common.tls.mode(for: target)
        if mode == .required || mode == .optional, dialogue.session?.tls == nil {
            try sayHello("")
            let isOffered = dialogue.session?.capabilities?.contains("STARTTLS") == true
            if isOffered {
                try sendCommand("STARTTLS")
                if dialogue.session?.tls != nil { try sayHello("") }
            }
            if mode == .required, dialogue.session?.tls == nil, dialogue.isOpen {
                if !isOffered { refuse(.tls, "the server does not offer STARTTLS, and --tls requires it", .startTLS) }
                dialogue.close()
            }
        }
        if let attributes = common.connection.xclient, dialogue.isOpen {
            if dialogue.session?.capabilities == nil { try sayHello("") }
            try sendXCLIENT(attributes)
        }
    }

    /// Notes a failure that no reply stands for.
    func refuse(_ status: ExitStatus, _ text: String, _ stage: ClientStage?) {
        if console.isInteractive { console.complain(SafeText.visible(text)) }
        if pending == nil { pending = Failure(status: status, text: SafeText.visible(text), stage: stage) }
    }

    func reconnect() throws {
        dialogue.close()
        try open("")
    }

    func sayHello(_ rest: String) throws {
        let name = rest.isEmpty ? common.connection.ownName : rest
        try sendCommand("\(target?.scheme == .lmtp ? "LHLO" : "EHLO") \(name)")
    }

    func sendXCLIENT(_ rest: String) throws {
        guard !rest.isEmpty else { throw ValueError("attributes are wanted, such as :xclient ADDR=192.0.2.9") }
        try sendCommand("XCLIENT \(rest)")
    }

    func setProxy(_ rest: String) throws {
        if rest == "off" {
            proxyLine = nil
        } else {
            proxyLine = try ProxyHeader.parse(rest)
            console.note("further connections begin with it")
        }
    }

    func quit() throws {
        isEnded = true
        guard dialogue.isOpen else { return }
        guard !dialogue.isInContent, !dialogue.isInAuthentication, dialogue.session?.isOutOfSync == false else {
            return dialogue.close()
        }
        if !hasSaidGoodbye { try sendCommand("QUIT") }
        dialogue.close()
    }

    // MARK: Authentication

    /// `[MECH] [USER]`; the password comes from the options, or is asked for.
    func authenticate(_ rest: String) throws {
        var words = words(rest)
        var mechanism = common.authentication.mechanism
        if let first = words.first, let named = SASLMechanism(name: first) {
            mechanism = named
            words.removeFirst()
        }
        guard words.count <= 1 else {
            throw ValueError("a mechanism and a user are wanted; a password never stands in the line")
        }
        guard dialogue.isOpen else { throw ValueError("there is no connection (:open makes one)") }
        if dialogue.session?.capabilities == nil { try sayHello("") }
        let user = words.first ?? common.authentication.user
        guard let user = user ?? (mechanism == .external ? "" : nil) else {
            throw ValueError("a user is wanted, such as :auth alice")
        }
        let secret = mechanism == .external ? Secret([]) : try secret(of: user)
        let credentials = SASLCredentials(user: user, secret: secret)
        do {
            try dialogue.perform { session, output throws(SMTPError) in
                try session.authenticate(credentials, mechanism, into: &output)
            }
        } catch let error as SMTPError {
            return refuse(.authentication, "\(error)", .authentication)
        }
        try awaitReplies()
    }

    private func secret(of user: String) throws -> Secret {
        if user == common.authentication.user, let secret = try common.authentication.readSecret() { return secret }
        guard let askForSecret else {
            throw ValueError("there is no password, and no terminal to ask on; use --auth-password-file")
        }
        return try askForSecret("Password of \(SafeText.visible(user)): ")
    }
}
