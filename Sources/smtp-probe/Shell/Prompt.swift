import CommandLineSupport
import SMTPKit

/// What stands before the line: `mx.example:25(tls,auth=u)[rcpt:2]>`.
enum Prompt {
    static func text(_ dialogue: Dialogue, _ target: Target?, isCollecting: Bool) -> String {
        if isCollecting { return "pipeline> " }
        guard let session = dialogue.session else { return "smtp-probe> " }
        switch session.expecting {
        case .content: return "data> "
        case .response: return "response> "
        case .command, .chunk: break
        }
        var states: [String] = []
        if session.tls != nil { states.append("tls") }
        if let mechanism = session.authenticatedBy { states.append("auth=\(session.user ?? mechanism)") }
        if session.isOutOfSync { states.append("out of sync") }
        var text = target?.description ?? "server"
        if !states.isEmpty { text += "(\(states.joined(separator: ",")))" }
        if session.hasSender {
            text += session.acceptedRecipients > 0 ? "[rcpt:\(session.acceptedRecipients)]" : "[mail]"
        }
        return SafeText.visible("\(text)> ")
    }
}
