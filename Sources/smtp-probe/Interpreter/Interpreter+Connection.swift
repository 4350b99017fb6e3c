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
        mask = SecretMask()
        var route = try Route(common, target, defaultMode: .optional)
        route.options.session.isRaw = true
        route.setProxyLine(proxyLine)
        do {
            try dialogue.open(route)
        } catch let error as SMTPError {
            // Everything but the look-up was noted when it happened.
            if error.code == .notResolved { refuse(ExitStatus(error), "\(error)", .connect) }
            return
        }
        try prepare(route.plan(), common.tls.mode(for: target))
    }

    /// Notes what happens on the way to a connection.
    func note(_ progress: Dialogue.Progress) {
        switch progress {
        case .trying: return
        case .connected(let target): console.note("connected to \(target.text)")
        case .movingOn(let error):
            console.note(SafeText.visible("\(error); trying the next host"))
            pending = nil
            answers = []
        }
    }

    /// Does what the options ask for once there is a connection.
    private func prepare(_ plan: SessionPlan, _ mode: TLSOptions.Mode?) throws {
        guard dialogue.isOpen, pending == nil, answers.allSatisfy({ $0.status == nil }) else { return }
        var plan = plan
        plan.hello = .extended
        if mode != .required, mode != .optional { plan.security = .none }
        guard plan.security != .none || !plan.xclient.isEmpty else { return }
        do {
            try dialogue.prepare(plan)
        } catch let error as SMTPError {
            if dialogue.failure == nil, error.code != .refused {
                let reason = error.code == .tlsNotOffered ? "\(error), and --tls requires it" : "\(error)"
                refuse(ExitStatus(error), reason, error.stage)
            }
            // Nothing is said in clear where that is not wanted.
            if mode == .required, dialogue.live?.session.tls == nil { try sayGoodbye() }
        }
    }

    /// Sends `QUIT` where the server can take it, and closes.
    func sayGoodbye() throws {
        defer { dialogue.close() }
        guard let session = dialogue.live, !dialogue.isInContent, !dialogue.isInAuthentication,
            !session.session.isOutOfSync, !session.session.isBusy, session.session.awaitedCount == 0, !hasSaidGoodbye
        else { return }
        try sendCommand("QUIT")
    }

    /// Asks for TLS; the server is greeted again inside it, for everything it said in clear is forgotten.
    func startTLS() throws {
        let wasSecured = dialogue.live?.session.tls != nil
        try sendCommand("STARTTLS")
        if !wasSecured, dialogue.live?.session.tls != nil { try sayHello("") }
    }

    /// Records a failure that has no reply.
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
        try sayGoodbye()
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
        if dialogue.live?.session.capabilities == nil { try sayHello("") }
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
            let isSecured = dialogue.live?.session.tls != nil
            return refuse(.authentication, error.text(isSecured: isSecured), .authentication)
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
