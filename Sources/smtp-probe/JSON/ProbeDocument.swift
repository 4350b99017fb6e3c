import ArgumentParser
import CommandLineSupport
import SMTPKit

/// The document of `--json`: one for each target, whatever came of it.
///
/// Its schema is described in `docs/smtp-probe-json.md`; a change that could break a reader gets a new number.
struct ProbeDocument {
    /// The name of the schema, with its version.
    static let schema = "smtp-probe/1"

    /// The outcome for a recipient.
    struct Recipient {
        let address: String
        /// The reply to its `RCPT`.
        var reply: Reply?
        /// The reply to the content, where that was accepted.
        var delivery: Reply?

        /// The last word about it.
        var last: Reply? { isAccepted ? delivery ?? reply : reply }
        /// Whether `RCPT` was accepted.
        var isAccepted: Bool { reply?.code.severity == .success }
        /// Whether the server took responsibility for the message; `nil` when its last word about that is missing.
        var isDelivered: Bool? {
            guard isAccepted else { return reply == nil ? nil : false }
            return delivery.map { $0.code.severity == .success }
        }

        /// The address in `RCPT TO:<ann@example.net> NOTIFY=NEVER`: between the brackets, or after the colon.
        static func address(in line: String) -> String {
            let path = line.drop { $0 != ":" }.dropFirst()
            guard let start = path.firstIndex(of: "<"), let end = path.lastIndex(of: ">"), start < end else {
                return path.trimmingBlanks
            }
            return String(path[path.index(after: start)..<end])
        }
    }

    let started: Timestamp
    let target: ProbeTarget?
    var duration = Duration.zero
    var outcome = ProbeOutcome.done
    var times: [StageName: Duration] = [:]
    var capabilities: (before: Capabilities?, after: Capabilities?)
    var tlsMode: String?
    var tls: TLSReport?
    var recipients: [Recipient] = []
    var queueID: String?
    var size: Int?
    var entries: [DialogueRecord.Entry] = []
    var checks: [CheckResult] = []
    /// The result of `load`; `nil` for other commands.
    var load: LoadReport?
    /// The servers of `check`; `nil` for other commands.
    var servers: [ServerReport]?

    init(started: Timestamp, target: ProbeTarget?) {
        self.started = started
        self.target = target
    }

    /// The document, in one line.
    var text: String {
        var writer = JSONWriter()
        writer.object { json in
            json.member("schema", Self.schema)
            json.member("tool", SMTPProbe.version)
            json.member("started", started.iso8601)
            json.name("duration_ms")
            json.milliseconds(duration)
            json.member("target") { json in
                guard let target else { return json.null() }
                guard let servers, servers.count > 1 else { return json.write(target) }
                json.write(target) { json in for server in servers { write(server, &json) } }
            }
            json.member("result") { writeResult(&$0) }
            json.member("timing_ms") { json in
                json.object { json in
                    for stage in StageName.timed {
                        json.name(stage.rawValue)
                        if let time = times[stage] { json.milliseconds(time) } else { json.null() }
                    }
                }
            }
            json.member("capabilities") { json in
                if servers.map({ $0.count > 1 }) == true { json.null() } else { writeCapabilities(capabilities, &json) }
            }
            json.member("tls") { json in writeTLS(tls, tlsMode, outcome.status == .tls ? outcome.reason : nil, &json) }
            json.member("recipients") { json in
                json.array { json in for recipient in recipients { json.write(recipient) } }
            }
            json.member("message") { json in
                json.object { json in
                    json.member("queue_id", queueID)
                    json.member("size", size)
                }
            }
            json.member("checks") { json in json.array { json in for check in checks { json.write(check) } } }
            json.member("load") { json in if let load { json.write(load) } else { json.null() } }
            json.member("transcript") { json in
                json.array { json in
                    for (index, entry) in entries.enumerated() { json.write(entry, number: index + 1) }
                }
            }
        }
        return writer.text
    }

    private func writeResult(_ json: inout JSONWriter) {
        json.object { json in
            json.member("ok", outcome.status == .done)
            json.member("exit", outcome.status.code)
            json.member("stage", outcome.stage?.rawValue)
            json.member(
                "class",
                outcome.status == .done ? "success" : outcome.isTemporary.map { $0 ? "transient" : "permanent" })
            json.member("reason", outcome.reason)
            json.member(
                "delivered", load.map { $0.tally.accepted > 0 } ?? recipients.contains { $0.isDelivered == true })
            json.member("out_of_sync", outcome.isOutOfSync)
        }
    }

    private func write(_ server: ServerReport, _ json: inout JSONWriter) {
        json.object { json in
            json.member("host", server.host)
            json.member("port", server.port)
            json.member("address", server.address)
            let mode = server.tls == nil ? nil : server.isImplicitTLS ? "implicit" : "starttls"
            json.member("tls") { json in writeTLS(server.tls, mode, nil, &json) }
            json.member("capabilities") { json in writeCapabilities(server.capabilities, &json) }
        }
    }

    private func writeCapabilities(_ all: (before: Capabilities?, after: Capabilities?), _ json: inout JSONWriter) {
        func lines(_ capabilities: Capabilities?) -> (inout JSONWriter) -> Void {
            { json in
                guard let capabilities else { return json.null() }
                json.array { json in
                    for entry in capabilities.entries {
                        json.string(([entry.keyword] + entry.parameters).joined(separator: " "))
                    }
                }
            }
        }
        json.object { json in
            json.member("before_tls", lines(all.before))
            json.member("after_tls", lines(all.after))
            json.name("parsed")
            guard let known = all.after ?? all.before else { return json.null() }
            json.object { json in
                var names: Set<String> = []
                // A name may appear once in an object.
                for entry in known.entries where names.insert(entry.keyword).inserted {
                    json.name(entry.keyword)
                    json.array { json in for word in entry.parameters { json.string(word) } }
                }
            }
        }
    }

    private func writeTLS(_ tls: TLSReport?, _ mode: String?, _ failure: String?, _ json: inout JSONWriter) {
        guard tls != nil || failure != nil || mode != nil else { return json.null() }
        json.object { json in
            json.member("mode", mode)
            json.member("version", tls?.properties.version)
            json.member("cipher", tls?.properties.cipherSuite)
            json.member("verified", tls?.isVerified ?? false)
            let problems = tls.map { $0.problems.map { "\($0)" } } ?? []
            json.member("error", failure ?? (problems.isEmpty ? nil : problems.joined(separator: "; ")))
            json.name("name_match")
            if let matches = tls?.nameMatches { json.boolean(matches) } else { json.null() }
            json.member("chain") { json in
                json.array { json in for certificate in tls?.chain ?? [] { json.write(certificate, now: started) } }
            }
        }
    }
}

extension ProbeDocument {
    /// Writes the document of a command line that is wrong, if it asks for one.
    ///
    /// - Returns: the exit status; `nil` when it does not.
    static func report(usage reason: String, _ arguments: [String]) -> Int32? {
        guard arguments.contains("--json") else { return nil }
        var document = ProbeDocument(started: .now, target: nil)
        document.outcome = ProbeOutcome(status: .usage, stage: .usage, reason: reason)
        _ = StandardOutput.write(document.text)
        return ExitStatus.usage.code
    }
}
