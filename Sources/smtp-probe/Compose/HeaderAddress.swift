import CommandLineSupport
import SMTPKit

/// An address as a person writes it: `ann@example.org`, `Ann Example <ann@example.org>`, `<>`.
struct HeaderAddress: Hashable, Sendable {
    /// The name before the brackets, unquoted; `nil` when there is none.
    var name: String?
    /// The address for the envelope.
    var path: ReversePath

    /// Reads an address.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when it is none, or would break out of its command or field.
    static func parse(_ text: String) throws -> HeaderAddress {
        let trimmed = text.trimmingBlanks
        guard trimmed.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw ValueError("no control character may stand in an address")
        }
        // The last bracket: a quoted name may contain others, a path may not. Scalars are compared, as a combining mark
        // after a bracket would make another character of it.
        let scalars = trimmed.unicodeScalars
        guard scalars.last == ">", let bracket = scalars.lastIndex(of: "<") else {
            return HeaderAddress(path: try path(String(trimmed)))
        }
        let inside = String(scalars[scalars.index(after: bracket)...].dropLast())
        let name = unquoted(String(scalars[..<bracket]).trimmingBlanks)
        return HeaderAddress(name: name.isEmpty ? nil : name, path: inside.isEmpty ? .null : try path(inside))
    }

    /// A list of addresses with commas between them; commas in quotes and brackets are part of an address.
    static func parseList(_ text: String) throws -> [HeaderAddress] { try split(text).map(parse) }

    /// The parts of a list between its commas, without those that are blank.
    static func split(_ text: String) -> [String] {
        var parts = [String.UnicodeScalarView()]
        var isQuoted = false
        var isInBrackets = false
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == ",", !isQuoted, !isInBrackets {
                parts.append(String.UnicodeScalarView())
                continue
            }
            if scalar == "\"", !isEscaped { isQuoted.toggle() }
            if !isQuoted, scalar == "<" { isInBrackets = true }
            if !isQuoted, scalar == ">" { isInBrackets = false }
            isEscaped = scalar == "\\" && !isEscaped
            parts[parts.count - 1].append(scalar)
        }
        return parts.map { String($0).trimmingBlanks }.filter { !$0.isEmpty }
    }

    /// The path as a recipient.
    var forwardPath: ForwardPath? {
        switch path {
        case .null: nil
        case .mailbox(let mailbox) where mailbox.domain == .name(""): .postmaster(mailbox.localPart)
        case .mailbox(let mailbox): .mailbox(mailbox)
        }
    }

    /// Returns the address with its domain in ASCII (`xn--…`), which every server takes.
    ///
    /// An address whose local part is beyond ASCII is left alone: only a server with SMTPUTF8 takes it.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` for a domain that has no such form.
    /// - SeeAlso: RFC 5891, section 4.4.
    func asciiDomain() throws -> HeaderAddress {
        guard case .mailbox(let mailbox) = path, case .name(let domain) = mailbox.domain,
            mailbox.localPart.utf8.allSatisfy({ $0 < 0x80 }), !domain.utf8.allSatisfy({ $0 < 0x80 })
        else { return self }
        guard let ascii = try? DomainName.ascii(domain) else {
            throw ValueError("'\(SafeText.cut(SafeText.visible(domain), to: 80))' is no domain name")
        }
        return HeaderAddress(name: name, path: .mailbox(Mailbox(localPart: mailbox.localPart, domain: .name(ascii))))
    }

    private static func path(_ text: String) throws -> ReversePath {
        let wanted = ValueError(
            "'\(SafeText.cut(SafeText.visible(text), to: 80))' is no address; an address is ann@example.org, "
                + "Ann <ann@example.org> or <>")
        guard !text.isEmpty, !text.contains("<"), let path = try? ForwardPath("<\(text)>") else { throw wanted }
        return switch path {
        case .mailbox(let mailbox): .mailbox(mailbox)
        // RFC 5321, section 4.5.1: the one recipient without a domain.
        case .postmaster(let name): .mailbox(Mailbox(localPart: name, domain: .name("")))
        }
    }

    private static func unquoted(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count >= 2, scalars.first == "\"", scalars.last == "\"" else { return text }
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in scalars.dropFirst().dropLast() {
            if scalar == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(scalar)
                isEscaped = false
            }
        }
        return String(result)
    }
}

extension HeaderAddress {
    /// The address alone, as it appears in a header; empty for the null path.
    var address: String {
        switch path {
        case .null: ""
        case .mailbox(let mailbox) where mailbox.domain == .name(""): LocalPart.quoted(mailbox.localPart)
        case .mailbox(let mailbox): mailbox.description
        }
    }

    /// Writes a field with addresses, each folded where it must be. Domains are in ASCII, which needs no extension.
    ///
    /// - SeeAlso: RFC 5322, section 3.4; RFC 2047, section 5, rule 3.
    static func append(_ addresses: [HeaderAddress], to field: inout FoldedField) {
        for (index, address) in addresses.enumerated() {
            let end = index < addresses.count - 1 ? "," : ""
            let address = (try? address.asciiDomain()) ?? address
            if let name = address.name {
                appendName(name, to: &field)
                field.append("<\(address.address)>\(end)")
            } else {
                field.append(address.address + end)
            }
        }
    }

    private static func appendName(_ name: String, to field: inout FoldedField) {
        guard EncodedWords.isPlain(name) else { return EncodedWords.appendEncoded(name, to: &field) }
        let isBare = name.utf8.allSatisfy { ASCII.isAtomText($0) || $0 == UInt8(ascii: " ") }
        var text = name
        if !isBare {
            text = "\""
            for character in name {
                if character == "\"" || character == "\\" { text.append("\\") }
                text.append(character)
            }
            text.append("\"")
        }
        // RFC 5322, section 3.2.4: a quoted string may be folded at its blanks.
        for word in text.split(separator: " ", omittingEmptySubsequences: false) { field.append(word) }
    }
}
