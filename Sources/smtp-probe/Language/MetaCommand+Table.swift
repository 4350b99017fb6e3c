import CommandLineSupport
import SMTPKit

extension MetaCommand {
    /// All commands, in the order in which help lists them.
    static let all: [MetaCommand] =
        connectionCommands + envelopeCommands + messageCommands + wireCommands + scriptCommands + reportCommands

    private static let connectionCommands: [MetaCommand] = [
        MetaCommand("open", "[TARGET]", "connect, to TARGET or to the last one") { try $0.open($1) },
        MetaCommand("close", "", "close the connection without QUIT") { interpreter, _ in interpreter.dialogue.close()
        },
        MetaCommand("drop", "", "break the connection, with a reset") { interpreter, _ in interpreter.dialogue.drop() },
        MetaCommand("reconnect", "", "close, and connect again") { interpreter, _ in try interpreter.reconnect() },
        MetaCommand("ehlo", "[NAME]", "say EHLO (LHLO with lmtp://) with our name, or with NAME") {
            try $0.sayHello($1)
        },
        MetaCommand("starttls", "", "say STARTTLS, begin TLS when it is granted, and greet again") { interpreter, _ in
            try interpreter.startTLS()
        },
        MetaCommand("tls", "", "show version, cipher and certificate of the connection") { interpreter, _ in
            interpreter.showTLS()
        },
        MetaCommand(
            "cert", "[pem]", "show the server's certificates, as text or as PEM", completion: [.words(["pem"])]
        ) { try $0.showCertificates($1) },
        MetaCommand(
            "auth", "[MECH] [USER]", "log in; a password is asked for, or comes from the options",
            completion: [.mechanisms, .nothing]
        ) { try $0.authenticate($1) },
        MetaCommand(
            "xclient", "NAME=VALUE ...", "say XCLIENT",
            completion: [
                .words(["ADDR=", "HELO=", "LOGIN=", "NAME=", "PORT=", "PROTO=", "DESTADDR=", "DESTPORT="])
            ]
        ) { try $0.sendXCLIENT($1) },
        MetaCommand(
            "proxy", "LINE|off", "begin further connections with this line of the PROXY protocol",
            completion: [.words(["off"])]
        ) { try $0.setProxy($1) },
    ]

    private static let envelopeCommands: [MetaCommand] = [
        MetaCommand(
            "mail", "[ADDRESS [PARAMETER ...]]", "say MAIL FROM, with ADDRESS or that of :from",
            completion: [.nothing, .senderParameters]
        ) { try $0.sendMail($1) },
        MetaCommand(
            "rcpt", "[ADDRESS [PARAMETER ...]]", "say RCPT TO, with ADDRESS or those of :to",
            completion: [.nothing, .recipientParameters]
        ) { try $0.sendRecipients($1) },
    ]

    private static let messageCommands: [MetaCommand] = [
        MetaCommand(
            "send", "[FILE]", "send FILE, or the message of :from, :to, :header, :body and :attach",
            completion: [.file, .nothing]
        ) { try $0.sendMessage($1) },
        MetaCommand("from", "[ADDRESS]", "set the sender of :send and :mail; <> is the null sender") {
            $0.draft.sender = $1.isEmpty ? nil : try HeaderAddress.parse($1)
        },
        MetaCommand("to", "[ADDRESS ...]", "set the recipients of :send and :rcpt") {
            $0.draft.recipients = try AddressWords.addresses($1)
        },
        MetaCommand(
            "header", "[NAME: VALUE]", "add a header field to the message of :send; without arguments, remove all",
            completion: [.words(["Subject:", "Reply-To:", "Cc:"]), .nothing]
        ) {
            if $1.isEmpty { $0.draft.header = [] } else { $0.draft.header.append(try HeaderLine.parse($1)) }
        },
        MetaCommand("body", "[TEXT]", "set the text of the message of :send") {
            $0.draft.body = $1.isEmpty ? nil : $1
        },
        MetaCommand("attach", "FILE", "add a file to the message of :send", completion: [.file, .nothing]) {
            try $0.attach($1)
        },
        MetaCommand(
            "bdat", "FILE [SIZE]", "send FILE with BDAT, in chunks of SIZE octets", completion: [.file, .nothing]
        ) { try $0.sendChunks($1) },
    ]

    private static let wireCommands: [MetaCommand] = [
        MetaCommand(
            "pipeline", "", "collect lines, until another :pipeline sends them at once",
            whileCollecting: { interpreter, _ in try interpreter.flushCollected() }
        ) { interpreter, _ in interpreter.collected = [] },
        MetaCommand("raw", "\"TEXT\"", "send octets as they are; \\r \\n \\t \\0 \\\\ \\\" \\xNN are known") {
            try $0.sendRaw($1)
        },
        MetaCommand("split", "N|off", "send lines in pieces of N octets", completion: [.words(["off"])]) {
            try $0.setSplit($1)
        },
    ]

    private static let scriptCommands: [MetaCommand] = [
        MetaCommand(
            "expect", "CODE|CLASS|timeout|close [/RE/]",
            "judge the reply to the line before: 250, 2xx, 5, timeout, close",
            completion: [.words(["2xx", "3xx", "4xx", "5xx", "timeout", "close"]), .nothing], isJudgement: true,
            whileCollecting: { try $0.expectCollected($1) }
        ) { try $0.judge(Expectation($1)) },
        MetaCommand("within", "MS", "judge how long the reply to the line before took", isJudgement: true) {
            try $0.judge(within: $1)
        },
        MetaCommand("repeat", "N LINE", "run LINE N times", completion: [.nothing, .line]) {
            try $0.runRepeatedly($1)
        },
        MetaCommand("source", "FILE", "run the lines of FILE", completion: [.file, .nothing]) { try $0.runFile($1) },
        MetaCommand("sleep", "DURATION", "wait, such as 500ms or 2s") {
            try $0.dialogue.sleep(TimeSpan.parse($1))
        },
        MetaCommand(
            "log", "FILE|off", "append the dialogue to FILE, passwords masked", completion: [.file, .nothing]
        ) { $0.log = try $0.outputFile($1) },
        MetaCommand(
            "record", "FILE|off", "append what is run to FILE, as a script with :expect", completion: [.file, .nothing]
        ) { $0.record = try $0.outputFile($1) },
    ]

    private static let reportCommands: [MetaCommand] = [
        MetaCommand("timing", "[on|off]", "show how long each reply took", completion: [.words(["on", "off"])]) {
            try $0.set("timing", $1)
        },
        MetaCommand("trace", "[on|off]", "show what is sent as well", completion: [.words(["on", "off"])]) {
            try $0.set("trace", $1)
        },
        MetaCommand(
            "set", "[NAME VALUE]", "show or change settings: \(Settings.names.joined(separator: ", "))",
            completion: [.words(Settings.names), .words(["on", "off"])]
        ) { try $0.set($1) },
        MetaCommand("caps", "", "show what the server offers") { interpreter, _ in interpreter.showCapabilities() },
        MetaCommand("status", "", "show the connection and the transaction") { interpreter, _ in
            interpreter.showStatus()
        },
        MetaCommand("explain", "[CODE]", "explain the last reply, or CODE") { try $0.explain($1) },
        MetaCommand("history", "", "show the lines of this session") { interpreter, _ in
            for line in interpreter.lines { interpreter.console.show(line) }
        },
        MetaCommand(
            "help", "[VERB|:COMMAND]", "list the commands, or explain a verb of SMTP or a command", completion: [.topic]
        ) { try $0.showHelp($1) },
        MetaCommand("quit", "", "say QUIT, and end") { interpreter, _ in try interpreter.quit() },
    ]
}
