import CommandLineSupport
import Glibc
import SMTPKit

/// A file with mail: an mbox, JSON Lines, or one message. Its first bytes tell which.
final class SavedFile {
    private let path: String
    private let name: String
    private var file: OpenFile?
    private var reader: (any SavedReader)?
    /// The first bytes, as long as they are too few to tell.
    private var start: [UInt8] = []
    private var isQuiet = false

    init(_ path: String) {
        self.path = path
        name = path == "-" ? "stdin" : String(path.split(separator: "/").last ?? "/")
    }

    /// Gives all messages of the file.
    ///
    /// - Throws: ``SystemError``, ``ShowError``, and what `take` throws.
    func read(_ take: (SavedMessage) throws -> Void) throws {
        file = try OpenFile(path)
        _ = try readOn(take)
        try end(take)
    }

    /// Gives the messages that came since the last call. A file that was replaced or made shorter is read from its
    /// start.
    ///
    /// - Returns: whether there was anything to read.
    func follow(_ take: (SavedMessage) throws -> Void) throws -> Bool {
        if file == nil {
            do {
                file = try OpenFile(path)
            } catch let error as CommandLineSupport.SystemError where error.number == ENOENT {
                // It comes, or comes back.
                return false
            }
        }
        if try readOn(take) {
            isQuiet = false
            return true
        }
        if isQuiet {
            try decide(take)
            try reader?.flush(take)
        }
        isQuiet = true
        switch path == "-" ? .same : file?.isCurrent(at: path) {
        case .same, .missing, nil: return false
        case .replaced:
            try end(take)
            file = nil
        case .truncated:
            reader = nil
            start = []
            file = nil
        }
        return true
    }

    private func readOn(_ take: (SavedMessage) throws -> Void) throws -> Bool {
        var hasRead = false
        while try file?.read({ try read($0, take) }) == true { hasRead = true }
        return hasRead
    }

    private func read(_ piece: UnsafeRawBufferPointer, _ take: (SavedMessage) throws -> Void) throws {
        guard reader == nil else {
            try reader?.read(piece, take)
            return
        }
        start += piece
        if start.count >= 5 { try decide(take) }
    }

    /// Chooses the reader.
    private func decide(_ take: (SavedMessage) throws -> Void) throws {
        guard reader == nil, let file, !start.isEmpty else { return }
        let octets = start
        start = []
        if octets.starts(with: "From ".utf8) {
            reader = MboxReader(name: name, isBoundary: file.isRegular ? { file.isBoundary(at: $0) } : nil)
        } else if octets.first == UInt8(ascii: "{") {
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            reader = JSONLinesReader(name: name, folder: folder.isEmpty ? "." : folder)
        } else {
            let seconds = file.isRegular ? file.status.st_mtim.tv_sec : nil
            reader = WholeMessageReader(PrettyHeading(name, date: seconds.map { Timestamp(seconds: Int64($0)) }))
        }
        try octets.withUnsafeBytes { try reader?.read($0, take) }
    }

    private func end(_ take: (SavedMessage) throws -> Void) throws {
        try decide(take)
        try reader?.finish(take)
        reader = nil
    }
}
