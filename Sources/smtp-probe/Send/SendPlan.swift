import CommandLineSupport
import Glibc
import SMTPKit

/// Everything that the command line asked for, read and checked: whom the message is for, and what it is.
struct SendPlan {
    /// The sender of the envelope.
    let reversePath: ReversePath
    /// The recipients with their parameters.
    let recipients: [Envelope.Recipient]
    /// The parameters of `MAIL`, but those that depend on the content.
    let mailParameters: [ESMTPParameter]
    /// The message, where one is composed.
    private let composition: Composition?
    /// The message, where a whole one was given; it can be read once.
    private let data: MessageContent?
    /// Called with each piece of the message that is read to be sent.
    var onContent: (([UInt8]) -> Void)?

    /// Reads what the options name.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` for what cannot be read or used.
    init(_ command: SendCommand) throws {
        let options = command.envelope
        let ownName = command.common.connection.ownName
        let from = try options.from.map { try HeaderAddress.parse($0.text()) } ?? Self.ownAddress(ownName)
        let to = try Self.addresses(options.to)
        let cc = try Self.addresses(options.cc)
        let all = try to + cc + Self.addresses(options.bcc)
        reversePath = from.path
        recipients = try all.enumerated().map { index, address in
            guard let path = address.forwardPath else { throw ValueError("<> is no recipient") }
            return Envelope.Recipient(path, parameters: options.recipientParameters(index))
        }
        guard options.orcpt.count <= all.count else {
            throw ValueError("there are more --orcpt (\(options.orcpt.count)) than recipients (\(all.count))")
        }
        mailParameters = options.mailParameters

        let identifier = "\(Timestamp.now.seconds).\(getpid()).\(UInt32.random(in: 0...UInt32.max))"
        let messageID = "<\(identifier)@\(ownName.hasPrefix("[") ? "localhost" : ownName)>"
        let tokens = TemplateTokens(values: [
            "DATE": Timestamp.now.internetDate, "ISO_DATE": Timestamp.now.iso8601, "FROM": from.address,
            "TO": to.map(\.address).joined(separator: ", "), "CC": cc.map(\.address).joined(separator: ", "),
            "MESSAGE_ID": messageID, "HELO": ownName, "SERVER": command.target.map { "\($0)" } ?? "",
            "RANDOM": String(UInt64.random(in: 0...UInt64.max), radix: 36),
        ])
        for attachment in command.message.attach where attachment.path != "-" {
            _ = try FileReader(path: attachment.path)
        }
        let text = Reading(tokens: tokens, replacesInFiles: command.message.template)
        if let source = command.message.data {
            composition = nil
            data = try text.message(source.withLineEnds)
        } else {
            data = nil
            composition = Composition(
                date: .now, from: Self.author(from, ownName), to: to, cc: cc,
                subject: try HeaderLine.checked(
                    command.message.subject.map { tokens.replaced(in: try $0.text()) }
                        ?? "test \(Timestamp.now.internetDate)"),
                messageID: messageID,
                headers: try command.message.header.flatMap { try Self.headers($0, tokens) },
                body: try command.message.body.map { try text.octets($0.withLineEnds, limit: Composition.maximumBody) }
                    ?? Array("This is a test message.\n".utf8),
                attachments: command.message.attach, boundary: "=_\(identifier)")
        }
    }

    /// Whether the message is put together from options, and not given as a whole.
    var isComposed: Bool { composition != nil }

    /// The message as it goes to a server.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when an attachment cannot be opened.
    func content(allows8bit: Bool) throws -> MessageContent {
        guard let content = try data ?? composition?.message(allows8bit: allows8bit) else {
            preconditionFailure("a plan has a message of one kind or the other")
        }
        content.onPiece = onContent
        return content
    }

    /// Writes the message to standard output.
    func dump() throws {
        let content = try content(allows8bit: true)
        while let octets = try content.next() {
            try octets.withUnsafeBytes { try Descriptor.write($0, to: 1) }
        }
    }

    private static func ownAddress(_ ownName: String) throws -> HeaderAddress {
        let user = getenv("LOGNAME").map { String(cString: $0) } ?? "postmaster"
        return HeaderAddress(path: .mailbox(Mailbox(localPart: user, domain: domain(ownName))))
    }

    /// RFC 5322, section 3.6.2: a message has an author, also where the envelope has no sender.
    private static func author(_ from: HeaderAddress, _ ownName: String) -> HeaderAddress {
        guard from.path == .null else { return from }
        return HeaderAddress(path: .mailbox(Mailbox(localPart: "MAILER-DAEMON", domain: domain(ownName))))
    }

    private static func domain(_ name: String) -> Domain { name.hasPrefix("[") ? .literal(name) : .name(name) }

    private static func addresses(_ sources: [InputSource]) throws -> [HeaderAddress] {
        try sources.flatMap { try $0.lines() }.flatMap { try HeaderAddress.parseList($0) }
    }

    /// Fields of one source; in a file, a line that begins with a blank goes on with the one before.
    private static func headers(_ source: InputSource, _ tokens: TemplateTokens) throws -> [HeaderLine] {
        var fields: [String] = []
        var lines = try source.lines()
        // A line end proper in a text of the command line stays, and is refused: it would begin a field unseen.
        if case .literal(let text) = source { lines = text.split(separator: "\\n").map(String.init) }
        for line in lines {
            if let first = line.utf8.first, first == 9 || first == 32, !fields.isEmpty {
                fields[fields.count - 1] += " " + line.trimmingBlanks
            } else {
                fields.append(line)
            }
        }
        return try fields.map { try HeaderLine.parse(tokens.replaced(in: $0)) }
    }
}

/// How texts of the message are read.
private struct Reading {
    let tokens: TemplateTokens
    let replacesInFiles: Bool

    /// The largest text in a file whose tokens are replaced.
    private static let maximumTemplate = 1 << 20
    /// How much of a message is looked at before it is sent, when it does not come from a file.
    private static let lookAhead = 1 << 20

    func octets(_ source: InputSource, limit: Int) throws -> [UInt8] {
        if case .file = source, !replacesInFiles { return try source.read(limit: limit) }
        return Array(tokens.replaced(in: try text(source)).utf8)
    }

    private func text(_ source: InputSource) throws -> String {
        guard let text = String(validating: try source.read(limit: Self.maximumTemplate), as: UTF8.self) else {
            throw ValueError("text whose tokens are replaced has to be UTF-8")
        }
        return text
    }

    /// A whole message, without the line that an mbox puts before it.
    func message(_ source: InputSource) throws -> MessageContent {
        guard case .file(let path) = source, !replacesInFiles else {
            let octets = Self.withoutEnvelopeLine(try octets(source, limit: Self.maximumTemplate))
            return MessageContent([.octets(octets)])
        }
        let file = try FileReader(path: path)
        let start = try file.readFully(Self.lookAhead)
        return MessageContent([.octets(Self.withoutEnvelopeLine(start)), .file(file)])
    }

    private static func withoutEnvelopeLine(_ octets: [UInt8]) -> [UInt8] {
        guard octets.starts(with: "From ".utf8), let end = octets.firstIndex(of: 10) else { return octets }
        return Array(octets[(end + 1)...])
    }
}
