import ArgumentParser
import CommandLineSupport
import Glibc
import SMTPKit
import SMTPTLS

/// `smtp-probe check`: what is wrong with a server, or a domain.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Find out what is wrong with a mail server, or with the mail of a domain.",
        usage: """
            smtp-probe check [options] TARGET
            smtp-probe check --mx [options] DOMAIN
            smtp-probe check --list
            """,
        discussion: """
            Each check looks at one rule and has one verdict: pass, fail, warn, info, inconclusive or skipped. \
            Without --active nothing is sent that a server could deliver.
            """
    )

    @OptionGroup(title: "Checks")
    var selection: SelectionOptions
    @OptionGroup(title: "Connection")
    var reach: ReachOptions
    @OptionGroup(title: "Output")
    var output: OutputOptions

    @Argument(help: TargetArgument.help, transform: TargetArgument.parse)
    var target: Target?

    mutating func validate() throws {
        guard !selection.list else { return }
        guard let target else {
            throw ValidationError("no server given: add HOST[:PORT], or --mx DOMAIN")
        }
        if reach.mx {
            guard case .host(let name, _) = target.place, target.scheme == .smtp, NameServer(address: name) == nil
            else {
                throw ValidationError("--mx needs a domain, such as example.net")
            }
        }
        let checks = try Check.selected(
            only: SelectionOptions.words(selection.only), skip: SelectionOptions.words(selection.skip))
        if checks.isEmpty { throw ValidationError("--skip leaves none of the checks that --only names") }
    }

    mutating func run() throws {
        guard !selection.list, var target else { return try Self.list(output) }
        if reach.mx, case .host(let name, let port) = target.place {
            let domain = try DomainName.ascii(name)
            target.place = .host(domain, port: reach.port ?? port)
        }
        if reach.lmtp { target.scheme = .lmtp }
        let signals = try SignalPipe.open([SIGINT, SIGTERM, SIGHUP])
        let printer = CheckPrinter(output)
        let run: CheckRun
        do {
            run = CheckRun(try plan(signals), target, isDomain: reach.mx, signals: signals, printer)
        } catch let interruption as Dialogue.Interruption {
            throw ProbeOutcome(interruption, nil).end(target, output)
        }
        run.run()
        SignalPipe.finish()
        let status = run.status(failsOnWarning: selection.failOn == .warn)
        if output.json {
            guard StandardOutput.write(document(run, target, status).text) else { throw ExitStatus.usage }
        } else {
            if let problem = run.problem { try? Descriptor.write("smtp-probe: \(SafeText.visible(problem))\n", to: 2) }
            printer.end(run.results, run.record.elapsed)
            if printer.hasLostOutput { throw ExitStatus.usage }
        }
        throw status
    }

    private func plan(_ signals: Int32) throws -> CheckPlan {
        Dialogue.waitForFiles(ClientTimeouts(), signals: signals, within: reach.deadline)
        let authorities = try reach.authorities.map { try PEMFile.authorities($0) }
        if let authorities {
            // Found out before anything is connected to.
            _ = try TLSContext(
                TLSConfiguration(
                    role: .client, identities: [], peerVerification: .require, trust: .certificates(authorities)))
        }
        return CheckPlan(
            checks: try Check.selected(
                only: SelectionOptions.words(selection.only), skip: SelectionOptions.words(selection.skip)),
            isActive: selection.active, recipient: selection.rcpt, outside: selection.outside, domain: selection.domain,
            role: selection.role, timeout: reach.timeout, connectTimeout: reach.connectTimeout,
            deadline: reach.deadline,
            ownName: reach.helo ?? HostName.own, resolver: reach.resolver, family: reach.family, source: reach.source,
            authorities: authorities, certificateName: reach.name,
            policy: try selection.policy.map { try PolicyFile.read($0) }, https: selection.https)
    }

    private func document(_ run: CheckRun, _ target: Target, _ status: ExitStatus) -> ProbeDocument {
        let only = run.servers.count == 1 ? run.servers[0] : nil
        var document = ProbeDocument(
            started: run.record.started,
            target: ProbeTarget(target, address: only?.address, exchanger: reach.mx ? only?.host : nil))
        document.duration = run.record.elapsed
        document.outcome = ProbeOutcome(status: status)
        if status != .done { document.outcome.reason = run.problem ?? "a check failed" }
        document.checks = run.results
        document.servers = run.servers
        if run.servers.count == 1 {
            document.capabilities = run.servers[0].capabilities
            document.tls = run.servers[0].tls
            document.tlsMode = document.tls == nil ? nil : run.servers[0].isImplicitTLS ? "implicit" : "starttls"
        }
        document.entries = run.record.entries
        return document
    }

    /// Writes the catalogue.
    ///
    /// - Throws: ``ExitStatus/usage`` when standard output cannot be written. A closed pipe ends the tool silently.
    private static func list(_ output: OutputOptions) throws {
        signal(SIGPIPE, SIG_DFL)
        var lines: [String] = []
        if output.json {
            var json = JSONWriter()
            json.array { json in for check in Check.catalogue { check.writeEntry(&json) } }
            lines = [json.text]
        } else {
            let width = Check.catalogue.map(\.id.count).max() ?? 0
            for check in Check.catalogue {
                let id = check.id.padding(to: width)
                let rfc = check.rfc.joined(separator: ", ")
                lines.append(
                    "\(id)  \(check.group.rawValue.padding(to: 8))  \(check.needs.text.padding(to: 15))  \(check.title)  (\(rfc))"
                )
            }
        }
        guard StandardOutput.write(lines.joined(separator: "\n")) else { throw ExitStatus.usage }
    }
}

extension CheckCommand: UsageReporting {
    static func report(usage reason: String, _ arguments: [String]) -> Int32? {
        ProbeDocument.report(usage: reason, arguments)
    }
}

extension Check.Needs {
    /// `--active --rcpt`, `DNS HTTPS`, or a dash.
    var text: String {
        let names: [(Check.Needs, String)] = [
            (.active, "--active"), (.recipient, "--rcpt"), (.dns, "DNS"), (.https, "HTTPS"),
        ]
        let words = names.filter { contains($0.0) }.map(\.1)
        return words.isEmpty ? "-" : words.joined(separator: " ")
    }
}

extension String {
    /// The text, with blanks up to so many characters.
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// The policy of `--policy`.
enum PolicyFile {
    /// The bytes of a file.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when it cannot be read, or is larger than 64 KiB.
    static func read(_ path: String) throws -> [UInt8] {
        let octets = try FileReader(path: path).readFully(PolicyFetch.maximumSize + 1)
        guard octets.count <= PolicyFetch.maximumSize else { throw ValueError("\(path): a policy has at most 64 KiB") }
        return octets
    }
}
