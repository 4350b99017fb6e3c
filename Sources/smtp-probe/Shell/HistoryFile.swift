import CReadline
import CommandLineSupport
import Glibc

/// The file with the lines of earlier sessions, which only its owner may read.
struct HistoryFile {
    /// How many lines are kept.
    static let limit: Int32 = 1000

    let path: String
    private let file: AppendedFile

    /// Opens it, made where it is not there yet.
    ///
    /// - Returns: `nil` when there is no place for it.
    init?() {
        guard let folder = Self.folder, Self.make(folder) else { return nil }
        path = "\(folder)/history"
        // What is no file of ours, such as a link to a device, is left alone.
        guard let file = try? AppendedFile(path, onlyRegular: true), fchmod(file.descriptor, 0o600) == 0 else {
            return nil
        }
        self.file = file
        history_truncate_file(path, Self.limit)
    }

    /// Adds a line.
    func add(_ line: String) { file.add(line) }

    /// `${XDG_STATE_HOME:-~/.local/state}/smtp-probe`; a relative path counts for nothing there.
    private static var folder: String? {
        if let state = getenv("XDG_STATE_HOME").map({ String(cString: $0) }), state.hasPrefix("/") {
            return "\(state)/smtp-probe"
        }
        guard let home = getenv("HOME").map({ String(cString: $0) }), home.hasPrefix("/") else { return nil }
        return "\(home)/.local/state/smtp-probe"
    }

    private static func make(_ folder: String) -> Bool {
        var path = ""
        for name in folder.split(separator: "/") {
            path += "/\(name)"
            guard mkdir(path, 0o700) == 0 || errno == EEXIST || errno == EROFS || errno == EACCES else { return false }
        }
        return access(folder, W_OK) == 0
    }
}
