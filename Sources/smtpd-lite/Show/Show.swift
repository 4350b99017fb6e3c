import CommandLineSupport
import Glibc

/// The reason why something cannot be shown.
enum ShowError: Error, CustomStringConvertible {
    /// A file does not hold what it seems to.
    case content(String)
    /// Standard output cannot be written.
    case output(String)

    var description: String {
        switch self {
        case .content(let reason), .output(let reason): reason
        }
    }
}

/// Prints the messages of files and folders.
final class Show {
    private let printer: PrettyPrinter
    /// Whether something could not be read.
    private(set) var hasFailed = false

    init(_ printer: PrettyPrinter) { self.printer = printer }

    /// Prints everything there is, in the order of the paths.
    func readAll(_ paths: [String]) throws {
        for path in paths {
            try complaining(of: path) {
                if Self.isFolder(path) {
                    for file in try SavedFolder(path).newFiles() { try file.read(show) }
                } else {
                    try SavedFile(path).read(show)
                }
            }
        }
    }

    /// Prints everything there is, and what comes, until a signal ends the process.
    func follow(_ paths: [String]) throws {
        let folders = paths.filter(Self.isFolder).map { SavedFolder($0) }
        var files = paths.filter { !Self.isFolder($0) }.map { (path: $0, file: SavedFile($0)) }
        while !(files.isEmpty && folders.isEmpty) {
            var hasRead = false
            for folder in folders {
                for file in try folder.newFiles() {
                    hasRead = true
                    try complaining(of: "a message") { try file.read(show) }
                }
            }
            files = try files.filter { path, file in
                try complaining(of: path) { hasRead = try file.follow(show) || hasRead }
            }
            if !hasRead { usleep(200_000) }
        }
    }

    /// Says on standard error what is wrong with a file, and goes on.
    ///
    /// - Returns: whether nothing was wrong.
    /// - Throws: ``ShowError/output(_:)`` when nothing can be written any more.
    @discardableResult
    private func complaining(of path: String, _ body: () throws -> Void) throws -> Bool {
        do {
            try body()
            return true
        } catch ShowError.output(let reason) {
            throw ShowError.output(reason)
        } catch let error as SystemError {
            complain("\(SystemError(error.action, path: error.path ?? path, error.number))")
        } catch {
            complain("\(error)")
        }
        return false
    }

    private func complain(_ text: String) {
        hasFailed = true
        try? Descriptor.write("smtpd-lite show: \(SafeText.visible(text))\n", to: 2)
    }

    private func show(_ message: SavedMessage) throws {
        var output: [UInt8] = []
        printer.append(message.content.octets, of: message.content.count, message.heading, to: &output)
        do {
            try output.withUnsafeBytes { try Descriptor.write($0, to: 1) }
        } catch let error as SystemError {
            throw ShowError.output("cannot write to standard output: \(error.reason)")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
