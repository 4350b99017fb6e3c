import SMTPKit

/// What may stand where the cursor is.
struct Completer {
    /// What the server offers; `nil` before a hello.
    let capabilities: Capabilities?

    /// The words that may follow, of which only those are of use that begin with `word`; `nil` for names of files.
    func words(_ before: [String], _ word: String) -> [String]? {
        guard let first = before.first else {
            return word.hasPrefix(":") ? MetaCommand.allCases.map { ":\($0.rawValue)" } : VerbHelp.all.map(\.verb)
        }
        guard first.hasPrefix(":"), let command = try? MetaCommand.find(first.dropFirst()) else {
            return words(behind: first.uppercased(), before.count)
        }
        return words(behind: command, before)
    }

    private func words(behind command: MetaCommand, _ before: [String]) -> [String]? {
        let isFirst = before.count == 1
        switch command {
        case .send, .attach, .bdat, .source, .log, .record: return isFirst ? nil : []
        case .auth: return isFirst ? mechanisms : []
        case .mail: return isFirst ? [] : senderParameters
        case .rcpt: return isFirst ? [] : recipientParameters
        case .help: return isFirst ? VerbHelp.all.map(\.verb) + MetaCommand.allCases.map { ":\($0.rawValue)" } : []
        case .cert: return ["pem"]
        case .timing, .trace: return ["on", "off"]
        case .split, .proxy: return ["off"]
        case .set: return isFirst ? ["timeout", "explain", "timing", "trace", "split"] : ["on", "off"]
        case .expect: return isFirst ? ["2xx", "3xx", "4xx", "5xx", "timeout", "close"] : []
        case .header: return isFirst ? ["Subject:", "Reply-To:", "Cc:"] : []
        case .xclient: return ["ADDR=", "HELO=", "LOGIN=", "NAME=", "PORT=", "PROTO=", "DESTADDR=", "DESTPORT="]
        case .repeat:
            // Behind the number stands a whole line.
            return before.count < 2 ? [] : words(Array(before.dropFirst(2)), "")
        case .open, .close, .drop, .reconnect, .ehlo, .starttls, .tls, .from, .to, .body, .pipeline, .raw, .within,
            .caps,
            .status, .explain, .history, .sleep, .quit:
            return []
        }
    }

    private func words(behind verb: String, _ count: Int) -> [String] {
        switch verb {
        case "AUTH": count == 1 ? mechanisms : []
        case "MAIL": count == 1 ? ["FROM:<"] : senderParameters
        case "RCPT": count == 1 ? ["TO:<"] : recipientParameters
        case "BDAT": count == 2 ? ["LAST"] : []
        case _: []
        }
    }

    /// Those that the server offers, known here or not.
    private var mechanisms: [String] { capabilities?["AUTH"] ?? [] }

    private var senderParameters: [String] {
        let known = [
            ("SIZE", ["SIZE="]), ("8BITMIME", ["BODY=7BIT", "BODY=8BITMIME"]), ("BINARYMIME", ["BODY=BINARYMIME"]),
            ("SMTPUTF8", ["SMTPUTF8"]), ("DSN", ["RET=FULL", "RET=HDRS", "ENVID="]), ("AUTH", ["AUTH="]),
            ("MT-PRIORITY", ["MT-PRIORITY="]), ("REQUIRETLS", ["REQUIRETLS"]), ("DELIVERBY", ["BY="]),
            ("FUTURERELEASE", ["HOLDFOR=", "HOLDUNTIL="]),
        ]
        return known.filter { capabilities?.contains($0.0) == true }.flatMap(\.1)
    }

    private var recipientParameters: [String] {
        guard capabilities?.contains("DSN") == true else { return [] }
        return ["NOTIFY=NEVER", "NOTIFY=SUCCESS", "NOTIFY=FAILURE", "NOTIFY=DELAY", "ORCPT=rfc822;"]
    }
}
