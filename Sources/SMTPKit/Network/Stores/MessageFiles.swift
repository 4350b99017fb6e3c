import Glibc
import SMTPCore

/// A folder with a file for each message, and the names of the files.
///
/// A name follows from the message: when it came, and its `QueueID`. So another store, such as
/// ``FileStore/jsonLines(path:contentIn:synchronizes:lockTimeout:usesEventLoop:)``, can name the message's file.
public struct MessageFiles: Hashable, Sendable {
    private enum Kind { case maildir, plain }

    /// The folder.
    public let folder: String
    private let kind: Kind
    /// The part after the time in a Maildir's names: process and host.
    private let process: String
    private let host: String

    private init(_ kind: Kind, _ folder: String) {
        self.kind = kind
        self.folder = folder
        process = "P\(getpid())"
        host = Self.hostName
    }

    /// The Maildir at a path; new messages are in its folder `new`.
    public static func maildir(_ path: String) -> MessageFiles { MessageFiles(.maildir, path) }

    /// A folder of files `20261122T150000.000Z-4F7A21C0.eml`.
    public static func plain(_ path: String) -> MessageFiles { MessageFiles(.plain, path) }

    /// The path of the file that holds a message.
    public func path(of message: Message) -> String {
        "\(folder)/\(finalFolder.map { "\($0)/" } ?? "")\(name(of: message))"
    }

    /// The folder, within the folder, in which messages are written, if it is another.
    var stagingFolder: String? { kind == .maildir ? "tmp" : nil }
    /// The folder, within the folder, in which messages are found, if it is another.
    var finalFolder: String? { kind == .maildir ? "new" : nil }
    /// The folders that there have to be within the folder.
    var innerFolders: [String] { kind == .maildir ? ["tmp", "new", "cur"] : [] }

    /// The name while a message is being written.
    func stagingName(of name: String) -> String { kind == .maildir ? name : ".\(name).part" }

    /// Whether a name in the folder for files that are being written is one of ours:
    /// `.20261122T150000.000Z-4F7A21C0.eml.part`, or, in a Maildir, `1795359600.M123456P4711Q4F7A21C0.host`.
    func isStagingName(_ name: String) -> Bool {
        switch kind {
        case .plain: return name.hasPrefix(".") && name.hasSuffix(".eml.part")
        case .maildir:
            let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, Int(parts[0]) != nil, parts[1].first == "M" else { return false }
            let numbers = parts[1].dropFirst().split(separator: "P", maxSplits: 1)
            guard numbers.count == 2, Int(numbers[0]) != nil else { return false }
            return numbers[1].prefix { $0 != "Q" }.allSatisfy(\.isNumber) && numbers[1].contains("Q")
        }
    }

    /// The name of the file that holds a message, without its folder.
    func name(of message: Message) -> String {
        let id = message.id.rawValue.prefix(100)
        switch kind {
        case .maildir:
            let time = message.receivedAt
            return "\(time.seconds).M\(time.nanoseconds / 1000)\(process)Q\(id).\(host)"
        case .plain:
            let time = String(message.receivedAt.iso8601.unicodeScalars.filter { $0 != "-" && $0 != ":" })
            return "\(time)-\(id).eml"
        }
    }

    /// The host's name, with what a Maildir's name may not hold written as its author says.
    private static var hostName: String {
        var octets = [CChar](repeating: 0, count: 256)
        guard gethostname(&octets, octets.count - 1) == 0 else { return "localhost" }
        let name = octets.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return name.prefix(64).reduce(into: "") { text, octet in
            switch octet {
            case UInt8(ascii: "/"): text += "\\057"
            case UInt8(ascii: ":"): text += "\\072"
            case 0x21...0x7E: text.unicodeScalars.append(Unicode.Scalar(octet))
            case _: text += "-"
            }
        }
    }
}
