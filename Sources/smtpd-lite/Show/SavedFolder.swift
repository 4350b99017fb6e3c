import CommandLineSupport
import Glibc

/// A folder with a message in each file: a Maildir, or one that `--dir` fills.
final class SavedFolder {
    private let path: String
    /// The messages that have been shown. A message of a Maildir keeps the name up to the colon.
    private var shown: Set<String> = []

    init(_ path: String) { self.path = path }

    /// The files that are new since the last call, the oldest first.
    ///
    /// - Throws: ``SystemError``.
    func newFiles() throws -> [SavedFile] {
        let isMaildir = ["cur", "new"].allSatisfy { access("\(path)/\($0)", R_OK | X_OK) == 0 }
        let folders = isMaildir ? ["\(path)/cur", "\(path)/new"] : [path]
        var found: [(name: String, path: String)] = []
        for folder in folders {
            for name in try Self.names(in: folder) {
                let key = String(name.prefix { $0 != ":" })
                if shown.insert(key).inserted { found.append((key, "\(folder)/\(name)")) }
            }
        }
        return found.sorted { Self.isBefore($0.name, $1.name) }.map { SavedFile($0.path) }
    }

    /// By the time at the start of the name, and then by the rest.
    private static func isBefore(_ a: String, _ b: String) -> Bool {
        let times = [a, b].map { WholeNumber.parse($0.prefix { $0.isASCII && $0.isNumber }) ?? 0 }
        return times[0] == times[1] ? a < b : times[0] < times[1]
    }

    private static func names(in folder: String) throws -> [String] {
        guard let stream = opendir(folder) else { throw SystemError("open", path: folder, errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var status = stat()
            guard !name.hasPrefix("."), stat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG
            else { continue }
            names.append(name)
        }
        return names
    }
}
