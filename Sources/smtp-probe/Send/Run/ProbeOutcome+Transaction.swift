import SMTPKit

extension ProbeOutcome {
    /// A transaction that went to its end.
    ///
    /// - Parameter end: where it was to end.
    init(_ outcome: TransactionOutcome, end: Transaction.End, isSecured: Bool) {
        if let refusal = outcome.refusal {
            self.init(refusal.stage, refusal.reply, isSecured: isSecured)
            if refusal.stage == .rcpt {
                isTemporary = outcome.recipients.allSatisfy { $0.isRefusedForNow || $0.isAccepted }
            }
            return
        }
        let refused = outcome.recipients.filter { recipient in
            end == .content ? !recipient.isDelivered : end == .recipients && !recipient.isAccepted
        }
        self = .done
        guard !refused.isEmpty else { return }
        let replies = refused.compactMap { $0.isAccepted ? $0.delivery : $0.reply }
        status = .someRecipients
        stage = refused.contains { $0.isAccepted } ? .message : .rcpt
        reason =
            "\(refused.count) of \(outcome.recipients.count) recipients refused: \(replies.first.map { "\($0)" } ?? "")"
        isTemporary = refused.allSatisfy(\.isRefusedForNow)
    }
}
