// A filter in front of a mailbox: refuses mail by a word in its subject, and keeps the rest in an mbox.
//
//     swift run --traits Service content-filter 2525 inbox.mbox casino
//
// A mail server passes its mail on to the filter, as Postfix does with `relayhost = [127.0.0.1]:2525`. What the filter
// refuses, the server in front of it returns to its sender.
#if Service
import Glibc
import Logging
import SMTPKit
import SMTPKitService
import ServiceLifecycle
import UnixSignals

@main
enum ContentFilter {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 4, let port = Int(words[1]) else {
            print("usage: content-filter PORT MBOX WORD")
            return
        }
        let forbidden = words[3].lowercased()

        var server = SMTPServer(store: try FileStore.mbox(path: words[2]), observer: Announcement())
        server.configuration.listen = [.tcp(host: "127.0.0.1", port: port)]
        server.configuration.hostname = "filter.example"
        server.hooks.onMessage = { request in
            let subject = try request.message.header["subject"]?.value ?? ""
            if subject.lowercased().contains(forbidden) {
                throw Reply(554, .permanent(.deliveryNotAuthorized), "We do not care for \(forbidden)")
            }
            return request.message.id
        }

        let logger = Logger(label: "content-filter")
        let services = ServiceGroup(services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await services.run()
    }
}

/// Says where the server listens, for who asked for port 0.
struct Announcement: ServerObserver {
    func listening(on listeners: [Listener]) {
        for listener in listeners { print("listening on \(listener)") }
        fflush(nil)
    }
}
#else
@main
enum ContentFilter {
    static func main() {
        print("content-filter runs its server as a service: build it with --traits Service")
    }
}
#endif
