import CommandLineSupport

/// A command for the tool itself: what stands behind a colon.
enum MetaCommand: String, CaseIterable, Hashable, Sendable {
    case open, close, drop, reconnect
    case ehlo, starttls, tls, cert, auth
    case mail, rcpt, send, from, to, header, body, attach, bdat
    case pipeline, raw, split
    case expect, within, timing, trace, set
    case caps, status, explain
    case `repeat`, source, log, record, history
    case xclient, proxy, sleep, help, quit

    /// Finds a command by its name, or by a beginning that no other has.
    ///
    /// - Throws: ``ValueError`` that names the candidates.
    static func find(_ word: some StringProtocol) throws -> MetaCommand {
        let word = word.lowercased()
        if let exact = MetaCommand(rawValue: word) { return exact }
        let found = allCases.filter { $0.rawValue.hasPrefix(word) }
        if let only = found.first, found.count == 1, !word.isEmpty { return only }
        let shown = SafeText.cut(SafeText.visible(word), to: 40)
        guard !word.isEmpty, !found.isEmpty else {
            let near = nearest(to: word).map { "; did you mean :\($0.rawValue)?" } ?? ""
            throw ValueError("there is no command :\(shown)\(near) (:help lists them, ::text sends :text)")
        }
        throw ValueError(":\(shown) may be \(found.map { ":\($0.rawValue)" }.joined(separator: ", "))")
    }

    /// The command that differs in one letter left out, added, changed or swapped.
    private static func nearest(to word: String) -> MetaCommand? {
        guard word.count > 2 else { return nil }
        let letters = Array(word)
        return allCases.first { command in
            let name = Array(command.rawValue)
            let same = zip(letters, name).prefix { $0 == $1 }.count
            let ending = zip(letters.reversed(), name.reversed()).prefix { $0 == $1 }.count
            let longest = max(letters.count, name.count)
            if letters.sorted() == name.sorted(), same + ending >= longest - 2 { return true }
            return abs(letters.count - name.count) <= 1 && same + ending >= longest - 1
        }
    }

    /// What stands behind it.
    var arguments: String {
        switch self {
        case .open: "[TARGET]"
        case .ehlo: "[NAME]"
        case .cert: "[pem]"
        case .auth: "[MECH] [USER]"
        case .mail, .rcpt: "[ADDRESS [PARAMETER ...]]"
        case .from, .to: "[ADDRESS ...]"
        case .send, .source: self == .send ? "[FILE]" : "FILE"
        case .header: "[NAME: VALUE]"
        case .body: "[TEXT]"
        case .attach: "FILE"
        case .bdat: "FILE [SIZE]"
        case .raw: "\"TEXT\""
        case .split: "N|off"
        case .expect: "CODE|CLASS|timeout|close [/RE/]"
        case .within: "MS"
        case .timing, .trace: "[on|off]"
        case .set: "[NAME VALUE]"
        case .explain: "[CODE]"
        case .repeat: "N LINE"
        case .log, .record: "FILE|off"
        case .xclient: "NAME=VALUE ..."
        case .proxy: "LINE|off"
        case .sleep: "DURATION"
        case .help: "[VERB]"
        case .close, .drop, .reconnect, .starttls, .tls, .pipeline, .caps, .status, .history, .quit: ""
        }
    }

    /// What it does, in a line.
    var summary: String {
        switch self {
        case .open: "connect, to TARGET or to the last one"
        case .close: "close the connection without QUIT"
        case .drop: "break the connection, with a reset"
        case .reconnect: "close, and connect again"
        case .ehlo: "say EHLO (LHLO with lmtp://) with our name, or with NAME"
        case .starttls: "say STARTTLS, and begin TLS when it is granted"
        case .tls: "show version, cipher and certificate of the connection"
        case .cert: "show the server's certificates, as text or as PEM"
        case .auth: "log in; a password is asked for, or comes from the options"
        case .mail: "say MAIL FROM, with ADDRESS or that of :from"
        case .rcpt: "say RCPT TO, with ADDRESS or those of :to"
        case .send: "send FILE, or the message of :from, :to, :header, :body and :attach"
        case .from: "set the sender of :send and :mail; <> is the null sender"
        case .to: "set the recipients of :send and :rcpt"
        case .header: "add a header field to the message of :send"
        case .body: "set the text of the message of :send"
        case .attach: "add a file to the message of :send"
        case .bdat: "send FILE with BDAT, in chunks of SIZE octets"
        case .pipeline: "collect lines, until another :pipeline sends them at once"
        case .raw: "send octets as they are; \\r \\n \\t \\0 \\\\ \\\" \\xNN are known"
        case .split: "send lines in pieces of N octets"
        case .expect: "judge the reply to the line before: 250, 2xx, 5, timeout, close"
        case .within: "judge how long the reply to the line before took"
        case .timing: "show how long each reply took"
        case .trace: "show what is sent as well"
        case .set: "show or change settings: timeout, explain, timing, trace, split"
        case .caps: "show what the server offers"
        case .status: "show where the dialogue stands"
        case .explain: "explain the last reply, or CODE"
        case .repeat: "run LINE N times"
        case .source: "run the lines of FILE"
        case .log: "append the dialogue to FILE, passwords masked"
        case .record: "append what is run to FILE, as a script with :expect"
        case .history: "show the lines of this session"
        case .xclient: "say XCLIENT"
        case .proxy: "begin further connections with this line of the PROXY protocol"
        case .sleep: "wait, such as 500ms or 2s"
        case .help: "list the commands, or explain a verb of SMTP or a command"
        case .quit: "say QUIT, and end"
        }
    }
}
