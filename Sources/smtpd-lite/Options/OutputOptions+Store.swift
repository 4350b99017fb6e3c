import ArgumentParser
import CommandLineSupport
import Glibc
import NIOCore
import SMTPKit

extension OutputOptions {
    /// The store that the options describe.
    ///
    /// - Throws: ``StoreError`` when a file or a folder cannot be opened, or a command is not there.
    var store: any MessageStore {
        get throws {
            try requireDistinctFiles()
            var stores: [any MessageStore] = try exec.map { text in
                try CommandStore(
                    words(of: text), parallelism: execJobs ?? 4,
                    timeout: execTimeout ?? .seconds(60), adding: added)
            }
            stores += try mbox.map { path in
                try FileStore.mbox(
                    path: path, format: mboxFormat, adding: added, synchronizes: fsync, usesEventLoop: true)
            }
            stores += try json.filter { $0 != "-" }.map { path in
                try FileStore.jsonLines(path: path, contentIn: files, synchronizes: fsync, usesEventLoop: true)
            }
            stores += try maildir.map {
                try FileStore.maildir(path: $0, adding: added, synchronizes: fsync, usesEventLoop: true)
            }
            stores += try dir.map {
                try FileStore.folder(path: $0, adding: added, synchronizes: fsync, usesEventLoop: true)
            }
            if let standardOutput { stores.append(stream(standardOutput)) }
            guard let first = stores.first else { return DiscardingStore() }
            return stores.count == 1 ? first : CombinedStore(stores)
        }
    }

    /// The descriptors that outputs may need at a time: a file, its lock and what it is locked with; for a command its
    /// input, its recipients and a pipe.
    var mostDescriptors: Int {
        3 * (mbox.count + json.count + maildir.count + dir.count) + 3 * exec.count * (execJobs ?? 4)
    }

    /// Refuses two outputs to one file, which would wait for each other's lock.
    ///
    /// - Throws: `ValidationError`.
    private func requireDistinctFiles() throws {
        var known: [String: String] = [:]
        let named = mbox.map { ("--mbox", $0) } + json.filter { $0 != "-" }.map { ("--json", $0) }
        for (option, path) in named {
            guard let identity = Self.identity(of: path) else { continue }
            if let other = known.updateValue("\(option) \(path)", forKey: identity) {
                throw ValidationError("\(other) and \(option) \(path) are the same file; name another for one of them")
            }
        }
        var status = stat()
        guard standardOutput != nil, fstat(1, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        if let other = known["\(status.st_dev):\(status.st_ino)"] {
            throw ValidationError("\(other) is the file that standard output goes to; name another")
        }
    }

    /// Which file a path names, or would; `nil` for devices and pipes.
    private static func identity(of path: String) -> String? {
        var status = stat()
        if stat(path, &status) == 0 {
            return status.st_mode & S_IFMT == S_IFREG ? "\(status.st_dev):\(status.st_ino)" : nil
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard stat(folder, &status) == 0 else { return nil }
        let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        return "\(status.st_dev):\(status.st_ino)/\(name)"
    }

    /// The files that can be locked in one way only.
    var lockWarnings: [String] {
        (mbox + json.filter { $0 != "-" }).compactMap { path in
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            guard access(folder, W_OK) != 0 else { return nil }
            return "\(path): no \(path).lock can be made in its folder; it is locked with fcntl alone"
        }
    }

    /// The fields that are added above messages.
    private var added: AddedFields {
        AddedFields(trace: rawMessage ? .none : .finalDelivery, envelope: envelopeHeaders)
    }

    /// The folder in which messages are kept one by one, if there is one.
    private var files: MessageFiles? { dir.first.map { .plain($0) } ?? maildir.first.map { .maildir($0) } }

    private var prettyPrinter: PrettyPrinter {
        var printer = PrettyPrinter(mostLines: prettyLines ?? 100)
        printer.isColored = color.isWanted(on: 1)
        return printer
    }

    private func stream(_ format: Format) -> FileStore {
        switch format {
        case .auto, .mbox:
            .stream(
                descriptor: 1, format: .mbox(mboxFormat), adding: added, synchronizes: fsync, usesEventLoop: true)
        case .raw: .stream(descriptor: 1, format: .raw, adding: added, synchronizes: fsync, usesEventLoop: true)
        case .json: .stream(descriptor: 1, format: .json(files), synchronizes: fsync, usesEventLoop: true)
        case .pretty:
            .stream(descriptor: 1) { [printer = prettyPrinter] message, output in
                try printer.append(message, to: &output)
            }
        }
    }
}
