import SMTPKit
import SMTPTLS

/// The facts about a server, learnt once and used by many checks.
struct ServerFacts {
    /// The address that was connected to.
    var address: String?
    var greeting: Exchange?
    /// The reply to the first EHLO, and to the HELO that followed its refusal.
    var hello: Exchange?
    var helo: Exchange?
    /// The extensions before TLS; `nil` with implicit TLS.
    var capabilities: Capabilities?
    /// The extensions inside TLS.
    var securedCapabilities: Capabilities?
    var securedHello: Exchange?
    /// The reply to STARTTLS.
    var startTLS: Exchange?
    /// The outcome of the first handshake.
    var tls: TLSReport?
    /// Why there is no TLS although it was granted.
    var tlsProblem: String?
    /// Whether there was plaintext after the reply to STARTTLS.
    var isInjected = false
    /// Why the first connection ended early.
    var problem: String?
    /// Why the server could not be connected to.
    var connectProblem: SMTPError?
    /// An address that is accepted, in angle brackets.
    var recipient: String?
    var hasNoRecipient = false
    var isCatchAll: Bool?
    /// The TLSA records that can be used, and whether one of them matches.
    var associations: [TLSARecord] = []
    var matchingUsages: Set<UInt8> = []
    /// Whether the resolver has validated the MX record that names the server; `nil` without `--mx`.
    var isExchangerAuthenticated: Bool?
    /// The MTA-STS policy of the domain.
    var policy: STSPolicy?

    /// The domain name that the greeting begins with.
    var bannerName: String? {
        guard let word = greeting?.reply.lines.first?.split(separator: " ").first.map(String.init) else { return nil }
        return DomainText.isDomain(word) ? word : nil
    }
}

/// Questions about the text of a domain.
enum DomainText {
    /// Whether a text is a domain name with at least one dot.
    static func isDomain(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count > 1 && text.utf8.count <= 253 && !labels.allSatisfy { $0.allSatisfy(\.isNumber) }
            && labels.allSatisfy { label in
                1...63 ~= label.utf8.count && label.first != "-"
                    && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
            }
    }

    /// Whether a text is an address in brackets.
    static func isLiteral(_ text: String) -> Bool { text.hasPrefix("[") && text.hasSuffix("]") && text.count > 2 }
}
