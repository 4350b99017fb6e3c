import CommandLineSupport
import SMTPKit

/// Shows a dialogue on standard output, line by line as it is said.
///
///     <-  220 mx.example ESMTP
///      -> RCPT TO:<nobody@example.org>
///     <** 550 5.1.1 No such mailbox
///
/// A tilde in place of the dash is for TLS, asterisks are for refusals. Text of the server is made fit for a terminal.
struct DialoguePrinter {
    private let usesColor: Bool
    private let isVerbose: Bool

    init(_ options: OutputOptions) {
        usesColor = options.usesColor(on: 1)
        isVerbose = options.verbose
    }

    /// Says something about the connection.
    func say(_ text: String) { write("=== \(SafeText.visible(text))", .note) }

    /// Shows what was said.
    func show(_ entry: ClientTraceEntry) {
        let dash = entry.isSecured ? "~" : "-"
        switch entry.item {
        case .sent(let line): write(" \(dash)> \(SafeText.visible(line))", .plain)
        case .content(let count): write(" \(dash)> [\(count) octets of content]", .plain)
        case .received(let reply, let octets):
            let isRefusal = reply.code.rawValue >= 400
            let mark = entry.stage == nil ? "!!" : isRefusal ? (entry.isSecured ? "~*" : "**") : "\(dash) "
            for line in Self.lines(octets) {
                write("<\(mark) \(SafeText.visible(octets: line))", isRefusal || entry.stage == nil ? .refusal : .plain)
            }
            if isRefusal { write("    (\(ReplyMeaning.text(reply)))", .note) }
        case .malformed(let octets):
            write("<?? \(SafeText.visible(octets: octets.prefix(512)))", .refusal)
        case .secured: return
        }
    }

    /// Shows content, line by line as it was given; a line that goes on in the next piece is shown in two.
    func showContent(_ octets: [UInt8]) {
        for line in Self.lines(octets) { write(" -> \(SafeText.visible(octets: line))", .plain) }
    }

    /// Shows the outcome of a handshake.
    ///
    /// - Parameter failure: the error that ended it, which is reported by itself; `nil` if it succeeded.
    func show(_ report: TLSReport, _ failure: SMTPError?) {
        let verdict =
            failure != nil ? "certificate refused" : "certificate \(report.isVerified ? "" : "not ")verified"
        say("TLS: \(report.properties.version), \(report.properties.cipherSuite), \(verdict).")
        for problem in report.problems(beside: failure) { say("TLS: \(problem).") }
        guard let certificate = report.chain.first else { return }
        say("TLS: for \(certificate.names.joined(separator: ", ")), until \(certificate.notAfter.iso8601).")
        guard isVerbose else { return }
        for certificate in report.chain {
            say("TLS: subject \(certificate.subject), issuer \(certificate.issuer)")
        }
    }

    /// The lines of what came, without their ends.
    static func lines(_ octets: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = octets.split(separator: 10, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0.last == 13 ? $0.dropLast() : $0 }
    }

    private enum Style { case plain, note, refusal }

    private func write(_ line: String, _ style: Style) {
        let colored: String
        switch style {
        case .note where usesColor: colored = "\u{1B}[36m\(line)\u{1B}[0m"
        case .refusal where usesColor: colored = "\u{1B}[31m\(line)\u{1B}[0m"
        case .plain, .note, .refusal: colored = line
        }
        // If standard output is gone, there is nowhere left to report it. The message is sent all the same.
        try? Descriptor.write("\(colored)\n", to: 1)
    }
}

/// The registry's words for a reply.
enum ReplyMeaning {
    static func text(_ reply: Reply) -> String {
        if let status = reply.status { return StatusRegistry.explain(status, with: reply.code).title }
        return StatusRegistry.explain(.reply(reply.code.rawValue)).title
    }
}

extension TLSReport {
    /// The problems of the certificate that an error does not name.
    func problems(beside failure: SMTPError?) -> [String] {
        let text = failure.map { "\($0)" } ?? ""
        return problems.map { "\($0)" }.filter { !text.contains($0) }
    }
}
