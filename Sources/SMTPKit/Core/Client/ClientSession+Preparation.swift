/// Preparing a connection: the greeting, `EHLO`, `STARTTLS`, `XCLIENT` and `AUTH`, in order and by policy.
extension ClientSession {
    /// Carries out a plan.
    ///
    /// It may be given before the greeting was received. Each stage that succeeds is reported with
    /// ``ClientEvent/stageFinished(_:_:)``; the plan ends with ``ClientEvent/prepared``, or with
    /// ``ClientEvent/stepFailed(_:)`` when a stage is refused or cannot be carried out. The connection is usable in
    /// both cases.
    ///
    ///     C: EHLO client.example
    ///     C: STARTTLS
    ///     C: EHLO client.example
    ///     C: AUTH SCRAM-SHA-256 …
    ///
    /// - Throws: ``SMTPError/Code/outOfOrder`` while another step is under way, and ``SMTPError/Code/invalidArgument``
    ///   for a hello name that cannot be sent.
    public mutating func prepare(_ plan: SessionPlan, into output: inout ClientOutput) throws(SMTPError) {
        _ = try Self.line(.ehlo(plan.helloName), .hello)
        guard activity != .closed else { throw failure ?? SMTPError(.closed, stage: .hello) }
        if case .greeting = step {
            preparation = Preparation(plan: plan)
            return
        }
        guard activity != .unconnected else {
            preparation = Preparation(plan: plan)
            return
        }
        try checkIdle(.hello)
        preparation = Preparation(plan: plan, passed: [.greeting])
        continuePreparation(&output)
    }

    /// The next stage of the plan; `nil` when it is done.
    private func nextStage(_ preparation: Preparation) -> ClientStage? {
        let plan = preparation.plan
        if preparation.isLast(.greeting) { return nil }
        if preparation.isLast(.handshake), tls != nil { return nil }
        if hello == nil { return .hello }
        if preparation.isLast(.hello) { return nil }
        if plan.security != .none, tls == nil, !preparation.passed.contains(.startTLS) { return .startTLS }
        if preparation.isLast(.startTLS) || preparation.isLast(.handshake) { return nil }
        if !plan.xclient.isEmpty, !preparation.passed.contains(.xclient) { return .xclient }
        if preparation.isLast(.xclient) { return nil }
        return plan.credentials != nil && !preparation.passed.contains(.authentication) ? .authentication : nil
    }

    /// Begins the next stage.
    private mutating func continuePreparation(_ output: inout ClientOutput) {
        guard var preparation else { return }
        guard let stage = nextStage(preparation) else {
            self.preparation = nil
            output.events.append(.prepared)
            return
        }
        preparation.stage = stage
        if stage != .hello { preparation.passed.insert(stage) }
        self.preparation = preparation
        let plan = preparation.plan
        do throws(SMTPError) {
            switch stage {
            case .startTLS:
                if plan.security == .opportunistic, capabilities?.contains("STARTTLS") != true {
                    output.events.append(.tlsSkipped(nil))
                    continuePreparation(&output)
                } else {
                    try startTLS(into: &output)
                }
            case .xclient: try sendXCLIENT(plan.xclient, into: &output)
            case .authentication:
                if let credentials = plan.credentials {
                    try authenticate(credentials, plan.mechanism, into: &output)
                }
            case _: try sayHello(plan.helloName, plan.hello, into: &output)
            }
        } catch {
            self.preparation = nil
            output.events.append(.stepFailed(error))
        }
    }

    /// A reply ended a stage of the plan.
    mutating func preparationAnswered(_ reply: Reply, _ output: inout ClientOutput) {
        guard let preparation else { return }
        let stage = preparation.stage
        if stage == .startTLS, reply.code != 220, preparation.plan.security == .opportunistic, reply.code != 421 {
            output.events.append(.tlsSkipped(reply))
        } else if stage == .startTLS ? reply.code == 220 : reply.code.severity == .success {
            // No other reply than 220 begins TLS (RFC 3207, section 4).
            output.events.append(.stageFinished(stage, reply))
        } else {
            self.preparation = nil
            let stage = stage == .greeting ? greetingStage : stage
            return output.events.append(.stepFailed(SMTPError(.refused, stage: stage, reply: reply)))
        }
        continuePreparation(&output)
    }

    /// Whether the plan sends another command because of a reply.
    func preparationGoesOn(after reply: Reply) -> Bool {
        guard let preparation, preparation.stage != .startTLS else { return false }
        return reply.code.severity == .success && nextStage(preparation) != nil
    }

    /// The stage of the greeting: with a PROXY header, the greeting answers that.
    public var greetingStage: ClientStage { configuration.preamble.isEmpty ? .greeting : .proxy }
}
