import Foundation
import ProcessSupport
import SMTPKit

/// The outputs of a server in a folder, and what was stored in them.
struct StoredMail {
    /// The kinds of output.
    enum Output: String, CaseIterable {
        case mbox, json, maildir, folder, stream
    }

    let folder: TemporaryFolder
    let outputs: [Output]

    private var files: MessageFiles? {
        if outputs.contains(.folder) { return .plain(folder.file("folder")) }
        return outputs.contains(.maildir) ? .maildir(folder.file("maildir")) : nil
    }

    /// Returns the store that writes to all of them. Creates a file in place of standard output, if it is one of them.
    func store(synchronizes: Bool, calls: FileCalls, stream: Int32) throws -> any MessageStore {
        let stores: [any MessageStore] = try outputs.map { output in
            switch output {
            case .mbox:
                try FileStore(
                    .mbox(.mboxrd), path: folder.file("mbox"), adding: .none, synchronizes: synchronizes, calls: calls)
            case .json:
                try FileStore(
                    .jsonLines(files), path: folder.file("json"), synchronizes: synchronizes, calls: calls)
            case .maildir:
                try FileStore(
                    .maildir, path: folder.file("maildir"), adding: .none, synchronizes: synchronizes, calls: calls)
            case .folder:
                try FileStore(
                    .folder, path: folder.file("folder"), adding: .none, synchronizes: synchronizes, calls: calls)
            case .stream:
                FileStore(
                    descriptor: stream, name: "stream", format: .mbox(.mboxrd), adding: .none,
                    synchronizes: synchronizes, calls: calls)
            }
        }
        return stores.count == 1 ? stores[0] : CombinedStore(stores)
    }

    /// The messages in one output, with CRLF line ends, and everything that is not a message.
    func messages(in output: Output) throws -> (messages: [String], rest: [String]) {
        switch output {
        case .mbox, .stream: return (Self.mboxMessages(text(output.rawValue)), [])
        case .json:
            return (try text("json").split(separator: "\n").map(jsonContent), [])
        case .maildir:
            let names = try self.names("maildir/new")
            return (names.map { Self.withCRLF(text("maildir/new/\($0)")) }, try self.names("maildir/tmp"))
        case .folder:
            let names = try self.names("folder")
            return (
                names.filter { !$0.hasPrefix(".") }.map { text("folder/\($0)") }, names.filter { $0.hasPrefix(".") }
            )
        }
    }

    /// The files beside the outputs, such as locks.
    func strays() throws -> [String] {
        try folder.names.filter { name in !outputs.contains { $0.rawValue == name } && name != "spool" }
            + self.names("spool")
    }

    private func text(_ name: String) -> String { String(decoding: folder.read(name), as: UTF8.self) }

    private func names(_ name: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder.file(name)) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.file(name))
    }

    private func jsonContent(_ line: Substring) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
        if let path = object["path"] as? String {
            let octets = FileManager.default.contents(atPath: path) ?? Data("no file \(path)".utf8)
            let text = String(decoding: octets, as: UTF8.self)
            return outputs.contains(.folder) ? text : Self.withCRLF(text)
        }
        let text = object["raw_base64"] as? String ?? ""
        return String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
    }

    /// The messages of an mbox whose content has no line that begins with `From `.
    private static func mboxMessages(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        var messages: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("From ") {
                messages.append("")
            } else {
                messages[max(0, messages.count - 1)] += line + "\r\n"
            }
        }
        // Each message is followed by an empty line.
        return messages.map { $0.hasSuffix("\r\n\r\n") ? String($0.dropLast(1)) : "no empty line after \($0)" }
    }

    private static func withCRLF(_ text: String) -> String { text.replacing("\n", with: "\r\n") }
}
