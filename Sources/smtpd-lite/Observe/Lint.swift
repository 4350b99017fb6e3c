import CommandLineSupport
import SMTPKit

/// Warns of what is wrong with messages and dialogues, and changes no reply.
///
///     lint 4F7A21C0: no Date field (RFC 5322, section 3.6)
///     lint [3]: a bare CR or LF in the content (RFC 5321, section 2.3.8)
struct Lint: DialogueSink {
    private let errors: ErrorOutput

    init(_ errors: ErrorOutput) { self.errors = errors }

    /// Looks at a message that is about to be kept.
    @Sendable func inspect(_ message: Message) {
        for remark in Self.remarks(on: message) { errors.say("lint \(message.id): \(remark)") }
    }

    /// Returns the remarks on a message.
    static func remarks(on message: Message) -> [String] {
        var lint = ContentLint()
        do {
            try message.content.forEachChunk { lint.read($0) }
        } catch {
            return ["\(error)"]
        }
        let body = message.envelope.parameters.first { $0.keyword == "BODY" }?.value?.uppercased()
        return lint.remarks(allows8Bit: body == "8BITMIME" || body == "BINARYMIME", isBinary: body == "BINARYMIME")
    }

    var wantsSyntaxRemarks: Bool { true }

    func note(_ remark: DialogueRemark, of session: Int) {
        guard case .looseSyntax(let verb, let looseness) = remark else { return }
        errors.say(
            "lint [\(session)]: \(verb.rawValue): \(looseness) (RFC 5321, section \(looseness.section)); --strict refuses it"
        )
    }

    func note(_ entry: TraceEntry, of session: Int) {
        switch entry {
        case .bareNewlines:
            errors.say("lint [\(session)]: a bare CR or LF in the content (RFC 5321, section 2.3.8)")
        case .server(.bareNewlineInCommand):
            errors.say("lint [\(session)]: a bare CR or LF in a command (RFC 5321, section 2.3.8)")
        case .client, .server, .content: break
        }
    }
}
