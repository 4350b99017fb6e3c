/// Remarks for the operator.
extension ServerSession {
    /// The address that the command under way is about.
    enum Subject: Equatable {
        case sender(ReversePath)
        case recipient(ForwardPath)

        var address: String {
            switch self {
            case .sender(let path): path.description
            case .recipient(let path): path.description
            }
        }
    }

    /// The subject of the next refusal.
    struct Step: Equatable {
        var stage: DialogueStage? = .connect
        var subject: Subject?
        /// Whether an interception chose the reply that is being sent.
        var isInjected = false
        /// Whether the transaction fails because of a refusal that was reported.
        var hasFailed = false
        var hasBareLineFeed = false
    }

    /// Notes something about the dialogue.
    mutating func remark(_ remark: DialogueRemark, _ output: inout ServerOutput) {
        guard configuration.wantsRemarks else { return }
        output.remarks.append(remark)
    }

    /// A command or another step begins.
    mutating func begin(_ stage: DialogueStage?) {
        guard configuration.wantsRemarks else { return }
        step.stage = stage
        step.subject = nil
    }

    /// Notes a reply that refuses something.
    mutating func noteRefusal(_ reply: Reply, _ output: inout ServerOutput) {
        // What follows from a refusal that was reported is not another one.
        guard !step.hasFailed || (reply != .mailFirst && reply != .noValidRecipients) else { return }
        var refusal = Refusal(stage: step.stage, address: step.subject?.address, reply: reply)
        refusal.isInjected = step.isInjected
        if reply == .bareLineFeed || reply == .bareCarriageReturn { refusal.bareNewline = bareNewline }
        if step.stage == .mail || step.stage == .rcpt { step.hasFailed = true }
        output.remarks.append(.refused(refusal))
    }

    /// Notes a command that only the lenient grammar allows.
    mutating func noteLooseSyntax(_ line: Span<UInt8>, _ verb: Verb, _ output: inout ServerOutput) {
        guard configuration.wantsSyntaxRemarks, configuration.syntax == .lenient else { return }
        if let looseness { return output.remarks.append(.looseSyntax(verb, looseness)) }
        guard (try? configuration.strictParser.parse(line, verb: verb)) == nil,
            let looseness = Looseness(of: line, verb, configuration.parser)
        else { return }
        output.remarks.append(.looseSyntax(verb, looseness))
    }
}
