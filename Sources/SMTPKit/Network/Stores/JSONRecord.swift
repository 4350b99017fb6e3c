import SMTPCore
import SMTPTLS

/// A message as one object of JSON on one line. Its members are documented in `docs/message-json.md`, and stay.
struct JSONRecord: Sendable {
    /// The value of the member `schema`. It rises when a member changes its meaning or is removed.
    static let schema = 1

    /// The folder in which another store keeps the content; without one it is in the object.
    var files: MessageFiles?

    /// Appends the object and the line end.
    ///
    /// - Parameter pass: takes away what is there, now and then; for a message too large for memory.
    /// - Throws: ``StoreError`` when the content cannot be read, and what `pass` throws.
    func append(
        _ message: Message, to output: inout [UInt8], passing pass: (inout [UInt8]) throws -> Void = { _ in }
    ) throws {
        let header = try message.header
        var writer = JSONWriter(into: output)
        output = []
        defer { output = writer.octets }
        try writer.object { object in
            object.member("schema", Self.schema)
            object.member("id", message.id.rawValue)
            object.member("received_at", message.receivedAt.iso8601)
            object.member("peer") { write(message.peer, to: &$0) }
            object.member("protocol", message.peer.transmissionProtocol.rawValue)
            object.member("tls") { write(message.peer.tls, to: &$0) }
            object.member("auth") { writeAuthentication(message.peer, to: &$0) }
            object.member("envelope") { write(message.envelope, to: &$0) }
            object.member("headers") { write(header, to: &$0) }
            object.member("size", message.content.count)
            try writeContent(message, to: &object, pass)
            object.member("timings_ms") { write(message.timings, to: &$0) }
        }
        writer.octets.append(UInt8(ascii: "\n"))
    }

    private func write(_ peer: Peer, to writer: inout JSONWriter) {
        writer.object { object in
            switch peer.address {
            case .ip(let address, let port):
                object.member("address", address)
                object.member("port", port)
            case .local:
                object.member("address", nil as String?)
                object.member("port", nil as Int?)
            }
            object.member("helo", peer.heloName)
            object.member("name", peer.hostname)
        }
    }

    private func write(_ tls: Peer.TLSProperties?, to writer: inout JSONWriter) {
        guard let tls else { return writer.null() }
        writer.object { object in
            object.member("version", tls.version)
            object.member("cipher", tls.cipherSuite)
            object.member("client_subject", tls.clientSubject)
        }
    }

    private func writeAuthentication(_ peer: Peer, to writer: inout JSONWriter) {
        guard let user = peer.username else { return writer.null() }
        writer.object { object in
            object.member("mechanism", peer.mechanism)
            object.member("user", user)
        }
    }

    private func write(_ envelope: Envelope, to writer: inout JSONWriter) {
        writer.object { object in
            object.member("from", envelope.reversePath.description)
            object.member("from_raw", envelope.rawReversePath)
            object.member("from_parameters") { write(envelope.parameters, to: &$0) }
            object.member("to") { member in
                member.array { array in
                    for recipient in envelope.recipients {
                        array.object { object in
                            object.member("address", recipient.path.description)
                            object.member("raw", recipient.rawPath)
                            object.member("parameters") { write(recipient.parameters, to: &$0) }
                        }
                    }
                }
            }
            object.member("size", envelope.declaredSize)
            let priority = envelope.parameters.first { $0.keyword == "MT-PRIORITY" }?.value
            object.member("priority", priority.flatMap { Int($0) })
        }
    }

    private func write(_ parameters: [ESMTPParameter], to writer: inout JSONWriter) {
        writer.object { object in
            for parameter in parameters {
                object.name(parameter.keyword)
                if let value = parameter.value { object.string(value) } else { object.null() }
            }
        }
    }

    private func write(_ header: HeaderFields, to writer: inout JSONWriter) {
        let words = EncodedWords(.system)
        writer.array { array in
            for field in header.fields {
                array.object { object in
                    object.member("name", field.name)
                    object.member("value", words.decode(field.octets))
                    object.name("raw")
                    field.octets.withUnsafeBytes { object.string($0) }
                }
            }
        }
    }

    private func writeContent(
        _ message: Message, to object: inout JSONWriter, _ pass: (inout [UInt8]) throws -> Void
    ) throws {
        let digest = DigestStream(.sha256)
        if let files {
            object.member("raw_base64", nil as String?)
            object.member("path", files.path(of: message))
            try message.content.forEachChunk { digest.append($0) }
        } else {
            object.name("raw_base64")
            var encoder = Base64Encoder()
            try object.string { output in
                try message.content.forEachChunk { chunk in
                    digest.append(chunk)
                    encoder.append(chunk, to: &output)
                    try pass(&output)
                }
                encoder.finish(&output)
            }
            object.member("path", nil as String?)
        }
        object.name("sha256")
        let hash = digest.finish()
        object.string { output in
            for octet in hash {
                for digit in [octet >> 4, octet & 15] {
                    output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                }
            }
        }
    }

    private func write(_ timings: Message.Timings, to writer: inout JSONWriter) {
        writer.object { object in
            for (name, duration) in [
                ("session", timings.session), ("transaction", timings.transaction), ("content", timings.content),
            ] {
                object.name(name)
                if let duration { object.thousandths(duration.microseconds) } else { object.null() }
            }
        }
    }
}

extension Duration {
    fileprivate var microseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) * 1_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000_000)
    }
}
