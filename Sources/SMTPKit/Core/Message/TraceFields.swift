/// The header fields that a server puts above a message to say how it came.
///
///     Return-Path: <joe@example.org>
///     Delivered-To: ann@example.net
///     Received: from mail.example.org ([192.0.2.1])
///         by mx.example.net with ESMTPS id 4F7A21C0
///         for <ann@example.net> tls TLS_AES_256_GCM_SHA384 (TLSv1.3);
///         Sun, 22 Nov 2026 15:00:00 +0000
///
/// `Delivered-To` and the `for` clause name a recipient only when there is exactly one: with more, each
/// reader of the message would learn of the others, blind copies among them. A store that keeps one
/// copy for all recipients therefore writes neither.
///
/// Nothing that a peer said can add a line or a field of its own: what is not allowed in its place is
/// written as `?`.
///
/// - SeeAlso: RFC 5321, section 4.4; RFC 8314, section 4.3.
public struct TraceFields: Hashable, Sendable {
    /// Which fields are written.
    public enum Policy: Hashable, Sendable {
        /// None: the message stays as it came.
        case none
        /// `Received` alone, as by a server that passes the message on.
        case received
        /// `Return-Path`, `Delivered-To` and `Received`: the message has come to its end.
        case finalDelivery
    }

    /// How the lines of the fields end.
    public enum LineEnd: Hashable, Sendable {
        /// As on the wire.
        case crlf
        /// As in an mbox.
        case lf
    }

    /// Which fields are written.
    public var policy: Policy
    /// The sender and the recipients of the message.
    public var envelope: Envelope
    /// The client that sent it.
    public var peer: Peer
    /// The name under which it was accepted.
    public var id: QueueID
    /// When it came.
    public var receivedAt: Timestamp

    /// Makes the fields of one message.
    public init(_ policy: Policy, envelope: Envelope, peer: Peer, id: QueueID, receivedAt: Timestamp) {
        self.policy = policy
        self.envelope = envelope
        self.peer = peer
        self.id = id
        self.receivedAt = receivedAt
    }

    /// Appends the fields.
    public func append(to output: inout [UInt8], lineEnd: LineEnd = .crlf) {
        switch policy {
        case .none:
            break
        case .received:
            appendReceived(to: &output, lineEnd)
        case .finalDelivery:
            appendReturnPath(to: &output, lineEnd)
            appendDeliveredTo(to: &output, lineEnd)
            appendReceived(to: &output, lineEnd)
        }
    }

    /// RFC 5321, section 4.4: `Return-path-line`.
    private func appendReturnPath(to output: inout [UInt8], _ lineEnd: LineEnd) {
        output.append(text: "Return-Path: <")
        if case .mailbox(let mailbox) = envelope.reversePath { text(.printable).append(mailbox, to: &output) }
        output.append(UInt8(ascii: ">"))
        end(lineEnd, &output)
    }

    private func appendDeliveredTo(to output: inout [UInt8], _ lineEnd: LineEnd) {
        guard envelope.recipients.count == 1, let recipient = envelope.recipients.first else { return }
        output.append(text: "Delivered-To: ")
        append(recipient.path, to: &output)
        end(lineEnd, &output)
    }

    /// RFC 5321, section 4.4: `Time-stamp-line`. The order of the clauses is the grammar's.
    private func appendReceived(to output: inout [UInt8], _ lineEnd: LineEnd) {
        output.append(text: "Received: from ")
        appendDomain(peer.heloName ?? "", to: &output)
        appendAddress(to: &output)
        fold(lineEnd, &output)
        output.append(text: "by ")
        appendDomain(peer.serverName, to: &output)
        output.append(text: " with ")
        output.append(contentsOf: peer.transmissionProtocol.rawValue.utf8)
        if !id.rawValue.isEmpty {
            output.append(text: " id ")
            output.append(contentsOf: id.rawValue.utf8.prefix(255))
        }
        let isForOne = envelope.recipients.count == 1
        if isForOne || peer.tls != nil { fold(lineEnd, &output) }
        if isForOne, let recipient = envelope.recipients.first {
            output.append(text: "for <")
            append(recipient.path, to: &output)
            output.append(UInt8(ascii: ">"))
        }
        if let tls = peer.tls {
            // RFC 8314, section 4.3: the clause comes after those of RFC 5321.
            output.append(text: isForOne ? " tls " : "tls ")
            TraceText(allowed: .atom, limit: 64).append(tls.cipherSuite, to: &output)
            // The clause has no place for the version, which is a comment then.
            output.append(text: " (")
            TraceText(allowed: .atom, limit: 16).append(tls.version, to: &output)
            output.append(UInt8(ascii: ")"))
        }
        if envelope.priority != 0 {
            // RFC 6710, section 4.1, item 2.
            fold(lineEnd, &output)
            output.append(text: "priority ")
            output.append(contentsOf: "\(envelope.priority)".utf8)
        }
        output.append(UInt8(ascii: ";"))
        fold(lineEnd, &output)
        receivedAt.appendInternetDate(to: &output)
        end(lineEnd, &output)
    }

    /// The TCP-info after the name that the client gave itself; a UNIX socket has none.
    private func appendAddress(to output: inout [UInt8]) {
        guard case .ip(let address, _) = peer.address else { return }
        output.append(text: " (")
        if let hostname = peer.hostname {
            TraceText(allowed: .atom).append(hostname, to: &output)
            output.append(ASCII.space)
        }
        output.append(text: address.utf8.contains(UInt8(ascii: ":")) ? "[IPv6:" : "[")
        // The zone of a link-local address means nothing to others, and the grammar knows none.
        let zone = address.utf8.firstIndex(of: UInt8(ascii: "%"))
        TraceText(allowed: .literal).append(zone.map { String(address[..<$0]) } ?? address, to: &output)
        output.append(text: "])")
    }

    /// A name that should be a domain or an address literal, but need not be: a server must not refuse
    /// a hello for its name (RFC 5321, section 4.1.4).
    private func appendDomain(_ name: String, to output: inout [UInt8]) {
        guard !name.isEmpty else {
            output.append(text: "unknown")
            return
        }
        let isLiteral = name.utf8.first == UInt8(ascii: "[") && name.utf8.last == UInt8(ascii: "]")
        text(isLiteral ? .literal : .atom).append(name, to: &output)
    }

    /// RFC 5321, section 4.1.1.3: a postmaster without a domain is that of this server.
    private func append(_ path: ForwardPath, to output: inout [UInt8]) {
        switch path {
        case .mailbox(let mailbox):
            text(.printable).append(mailbox, to: &output)
        case .postmaster(let name):
            text(.atom).append(name, to: &output)
            output.append(UInt8(ascii: "@"))
            appendDomain(peer.serverName, to: &output)
        }
    }

    private func text(_ allowed: TraceText.Allowed) -> TraceText {
        TraceText(allowed: allowed, isInternationalized: envelope.isInternationalized)
    }

    private func fold(_ lineEnd: LineEnd, _ output: inout [UInt8]) {
        end(lineEnd, &output)
        output.append(UInt8(ascii: "\t"))
    }

    private func end(_ lineEnd: LineEnd, _ output: inout [UInt8]) {
        if lineEnd == .crlf { output.append(ASCII.carriageReturn) }
        output.append(ASCII.lineFeed)
    }
}
