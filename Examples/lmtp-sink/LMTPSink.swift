// The end of the way: takes mail over LMTP, and answers for each recipient alone.
//
//     lmtp-sink /run/lmtp-sink mailboxes/
//
// A recipient has a mailbox when there is a file of its name, `mailboxes/ann.mbox`. Its folders are files as well:
// `mailboxes/ann.archive.mbox`. Postfix delivers to it with `mailbox_transport = lmtp:unix:/run/lmtp-sink`, and tells
// the sender which recipients were refused.
import Glibc
import SMTPKit

@main
enum LMTPSink {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 3 else {
            print("usage: lmtp-sink SOCKET FOLDER")
            return
        }
        let mailboxes = Mailboxes(folder: words[2])

        var server = SMTPServer(observer: Announcement())
        server.configuration.listen = [.unix(path: words[1])]
        server.configuration.serverProtocol = .lmtp
        server.configuration.hostname = "sink.example"
        server.configuration.added = [FolderExtension.definition]
        server.hooks.onDelivery = { request in
            await MessageOutcome(request.message) { recipient in
                await mailboxes.deliver(request.message, to: recipient)
            }
        }
        try await server.run()
    }
}

/// The mailboxes in a folder, each opened when mail comes for it.
actor Mailboxes {
    private let folder: String
    private var open: [String: FileStore] = [:]

    init(folder: String) { self.folder = folder }

    /// - Returns: what is to be said in place of the usual reply.
    func deliver(_ message: Message, to recipient: Envelope.Recipient) async -> Reply? {
        guard case .mailbox(let mailbox) = recipient.path else { return .mailboxNotFound }
        let folder = FolderExtension.folder(of: recipient).map { ".\($0)" } ?? ""
        guard let store = store(of: mailbox.localPart + folder) else { return .mailboxNotFound }
        var copy = message
        copy.envelope.recipients = [recipient]
        do {
            try await store.store(copy)
            return nil
        } catch {
            return .localError
        }
    }

    private func store(of name: String) -> FileStore? {
        let path = "\(folder)/\(name).mbox"
        guard !name.contains("/"), access(path, W_OK) == 0 else { return nil }
        if let store = open[name] { return store }
        open[name] = try? FileStore.mbox(path: path)
        return open[name]
    }
}

/// Says where the server listens, for who asked for port 0.
struct Announcement: ServerObserver {
    func listening(on listeners: [Listener]) {
        for listener in listeners { print("listening on \(listener)") }
        fflush(nil)
    }
}
