import ProcessSupport

/// An Exim of the test's own, which passes everything on to one port in chunks (RFC 3030).
final class Exim: Sendable {
    private let place: EximFolder

    init(port: Int) throws {
        place = try EximFolder(
            """
            local_from_check = false
            begin routers
            all:
              driver = manualroute
              route_list = * 127.0.0.1
              self = send
              transport = remote
            begin transports
            remote:
              driver = smtp
              port = \(port)
              allow_localhost
              hosts_try_chunking = *

            """)
    }

    /// Puts messages, with LF line ends, into its queue.
    func send(_ messages: [MailTransaction]) throws {
        try run(["-bS", "-odq"], messages.map(\.dialogue).joined())
    }

    /// Delivers what is in its queue, and returns when it has tried all of it.
    func deliver() throws { try run(["-q"]) }

    /// The contents of its log.
    var log: String { place.log }

    private func run(_ arguments: [String], _ input: String = "") throws {
        let result = try ChildProcess.run(
            place.words + arguments, input: Array(input.utf8), environment: place.environment)
        guard result.status == 0 else {
            throw HarnessError("exim ended with \(result.status): \(result.output)\(result.errors)\(log)")
        }
    }
}
