import CommandLineSupport
import SMTPKit

/// The prompt: `mx.example:25(tls,auth=u)[rcpt:2]>`.
enum Prompt {
    static func text(_ dialogue: Dialogue, _ target: Target?, isCollecting: Bool) -> String {
        if isCollecting { return "pipeline> " }
        guard let connection = dialogue.live else { return "smtp-probe> " }
        switch connection.session.expecting {
        case .content: return "data> "
        case .response: return "response> "
        case .command, .chunk: break
        }
        var states: [String] = []
        if connection.session.tls != nil { states.append("tls") }
        if let mechanism = connection.session.authenticatedBy {
            states.append("auth=\(connection.session.user ?? mechanism)")
        }
        if connection.session.isOutOfSync { states.append("out of sync") }
        var text = target?.description ?? "server"
        if !states.isEmpty { text += "(\(states.joined(separator: ",")))" }
        if connection.session.hasSender {
            text +=
                connection.session.acceptedRecipients > 0 ? "[rcpt:\(connection.session.acceptedRecipients)]" : "[mail]"
        }
        return SafeText.visible("\(text)> ")
    }
}
