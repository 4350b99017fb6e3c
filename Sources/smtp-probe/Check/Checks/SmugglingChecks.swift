import SMTPKit

extension Check {
    /// Sequences that some servers take for the end of a message. With `--active` only.
    static let smuggling: [Check] = EndSequence.all.map { sequence in
        Check(
            "smuggle.\(sequence.name)", .smuggle, "\(sequence.title) does not end a message",
            rfc: ["5321 §2.3.8", "5321 §4.1.1.4", "CVE-2023-51764", "CVE-2023-51765", "CVE-2023-51766"],
            needs: [.active, .recipient], run: { try SmugglingRules.attempt($0, sequence) },
            judge: { reply, _ in SmugglingRules.judge(reply, sequence) })
    }

    /// Line ends that are none, in commands. With `--active` only.
    static let bareLines: [Check] = [
        bare("bare.cr", "CR", "\r"), bare("bare.lf", "LF", "\n"),
    ]

    private static func bare(_ id: String, _ name: String, _ octets: String) -> Check {
        Check(
            id, .protocol, "A lone \(name) does not end a command", rfc: ["5321 §2.3.8"], needs: .active,
            run: { server -> Exchange? in
                let connection = try server.session()
                connection.write("NOOP\(octets)")
                if let reply = try connection.reply(within: CheckPlan.silence) { return reply }
                // A server that was silent because it has stalled does not answer the line end that is one either.
                connection.write("\r\n")
                _ = try connection.reply()
                connection.quit()
                return nil
            },
            judge: { (reply: Exchange?, _) in
                guard let reply else { return .pass("no reply before CRLF") }
                if reply.isPermanent { return .pass("refused: \(reply)", [reply]) }
                return .warn(
                    "it is taken for a line end: \(reply)", fix: "Accept CRLF only.", [reply])
            })
    }
}

/// A sequence of bytes that is not the end of a message, and is taken for it by some servers.
struct EndSequence: Sendable {
    let name: String
    let title: String
    let octets: [UInt8]
    /// Whether every sender doubles the dot in it, so that it cannot be passed on as it is.
    let isStuffed: Bool

    private init(_ name: String, _ title: String, _ text: String, isStuffed: Bool = false) {
        (self.name, self.title, self.isStuffed) = (name, title, isStuffed)
        octets = Array(text.utf8)
    }

    static let all = [
        EndSequence("lf-dot-lf", "LF . LF", "\n.\n"), EndSequence("lf-dot-crlf", "LF . CRLF", "\n.\r\n"),
        EndSequence("lf-dot-cr", "LF . CR", "\n.\r"), EndSequence("cr-dot-cr", "CR . CR", "\r.\r"),
        EndSequence("cr-dot-lf", "CR . LF", "\r.\n"), EndSequence("cr-dot-crlf", "CR . CRLF", "\r.\r\n"),
        EndSequence("crlf-nul-dot-crlf", "CRLF NUL . CRLF", "\r\n\0.\r\n"),
        EndSequence("crlf-dot-lf", "CRLF . LF", "\r\n.\n", isStuffed: true),
        EndSequence("crlf-dot-cr", "CRLF . CR", "\r\n.\r", isStuffed: true),
        EndSequence("crlf-dot-nul-crlf", "CRLF . NUL CRLF", "\r\n.\0\r\n", isStuffed: true),
    ]
}

enum SmugglingRules {
    /// Sends a message that goes up to the sequence.
    ///
    /// - Returns: the reply that came although the message is not at its end; `nil` for silence. The connection is
    ///   dropped then, so that nothing is delivered.
    static func attempt(_ server: ServerProbe, _ sequence: EndSequence) throws -> Exchange? {
        let recipient = try server.recipient()
        let connection = try server.newSession()
        let mail = try connection.command("MAIL FROM:<>")
        guard mail.isSuccess else { throw ServerProbe.refused(mail) }
        let reply = try connection.command("RCPT TO:\(recipient)")
        guard reply.isSuccess else { throw CheckError.inconclusive("the recipient is refused", reply) }
        let data = try connection.command("DATA")
        guard data.isIntermediate else { throw CheckError.inconclusive("DATA is refused", data) }
        connection.write(
            "Subject: smtp-probe check, smuggle.\(sequence.name)\r\n\r\nA test of this server.".utf8 + sequence.octets)
        defer { connection.drop() }
        return try connection.reply(within: CheckPlan.silence)
    }

    static func judge(_ reply: Exchange?, _ sequence: EndSequence) -> Finding {
        guard let reply else { return .pass("the server waits for CRLF . CRLF") }
        if reply.isPermanent { return .pass("refused: \(reply)", [reply]) }
        if reply.isTransient { return .inconclusive("deferred: \(reply)", [reply]) }
        return .fault(
            !sequence.isStuffed, "\(sequence.title) is taken for the end of a message: \(reply)",
            fix: "Update the server, or have it refuse or normalise lone CR and LF.", [reply])
    }
}

private func + (a: String.UTF8View, b: [UInt8]) -> [UInt8] { Array(a) + b }
