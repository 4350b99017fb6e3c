import NIOCore
import SMTPKit

extension OutputOptions {
    /// The store that the options describe.
    ///
    /// - Throws: ``StoreError`` when a file or a folder cannot be opened, or a command is not there.
    var store: any MessageStore {
        get throws {
            var stores: [any MessageStore] = try exec.map { text in
                try CommandStore(
                    words(of: text), parallelism: execJobs ?? 4,
                    timeout: .nanoseconds((execTimeout ?? .seconds(60)).wholeNanoseconds), adding: added)
            }
            stores += try mbox.map { path in
                try MboxStore(path: path, format: mboxFormat, adding: added, synchronizes: fsync)
            }
            stores += try json.filter { $0 != "-" }.map { path in
                try JSONLinesStore(path: path, contentIn: files, synchronizes: fsync)
            }
            stores += try maildir.map { try MaildirStore(path: $0, adding: added, synchronizes: fsync) }
            stores += try dir.map { try FolderStore(path: $0, adding: added, synchronizes: fsync) }
            if let standardOutput { stores.append(stream(standardOutput)) }
            guard let first = stores.first else { return DiscardingStore() }
            return stores.count == 1 ? first : CombinedStore(stores)
        }
    }

    /// What is put above messages.
    private var added: AddedFields {
        AddedFields(trace: rawMessage ? .none : .finalDelivery, envelope: envelopeHeaders)
    }

    /// The folder in which messages are kept one by one, if there is one.
    private var files: MessageFiles? { dir.first.map { .plain($0) } ?? maildir.first.map { .maildir($0) } }

    private func stream(_ format: Format) -> StreamStore {
        switch format {
        case .auto, .mbox:
            StreamStore(descriptor: 1, format: .mbox(mboxFormat), adding: added, synchronizes: fsync)
        case .raw: StreamStore(descriptor: 1, format: .raw, adding: added, synchronizes: fsync)
        case .json: StreamStore(descriptor: 1, format: .json(files), synchronizes: fsync)
        case .pretty:
            StreamStore(descriptor: 1) { [printer = PrettyPrinter(mostLines: prettyLines ?? 100)] message, output in
                try printer.append(message, to: &output)
            }
        }
    }
}

extension Duration {
    fileprivate var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
