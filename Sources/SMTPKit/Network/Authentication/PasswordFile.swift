import SMTPCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Users and their hashed passwords, as `htpasswd` writes them: one `user:hash` a line.
///
/// Known are bcrypt, SHA-512-crypt, SHA-256-crypt and whatever else libcrypt has, `$apr1$`, `{SHA}` and plain
/// text. Empty lines and lines that begin with `#` are left out.
struct PasswordFile: Hashable, Sendable {
    /// The size above which a file is not taken for a password file, in bytes.
    private static let maximumSize = 4 << 20

    private let hashes: [String: PasswordHash]

    /// Reads a file.
    ///
    /// - Throws: ``UserDatabaseError``, which names the file and the line, and never quotes its contents.
    init(path: String) throws(UserDatabaseError) {
        try self.init(text: Self.read(path), path: path)
    }

    /// Reads the text of a file.
    init(text: [UInt8], path: String) throws(UserDatabaseError) {
        var hashes: [String: PasswordHash] = [:]
        let lines = text.split(separator: ASCII.lineFeed, omittingEmptySubsequences: false)
        for (index, octets) in lines.enumerated() {
            let line = octets.last == ASCII.carriageReturn ? octets.dropLast() : octets
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            guard let text = String(validating: line, as: UTF8.self), let colon = text.firstIndex(of: ":"),
                colon > text.startIndex
            else { throw .malformedLine(path: path, line: index + 1, reason: "it is not of the form user:hash") }
            // Tools related to htpasswd write more fields after a second colon. They are not part of the hash.
            let value = text[text.index(after: colon)...]
            guard let hash = PasswordHash(value) else {
                throw .malformedLine(
                    path: path,
                    line: index + 1,
                    reason: "its hash is none of bcrypt, SHA-512-crypt, apr1, {SHA} or plain text"
                )
            }
            guard hashes.updateValue(hash, forKey: String(text[..<colon])) == nil else {
                throw .malformedLine(path: path, line: index + 1, reason: "its user was there before")
            }
        }
        guard !hashes.isEmpty else { throw .noUsers(path: path) }
        self.hashes = hashes
    }

    /// Whether every password is kept as it is, so that challenges can be checked.
    var holdsPlainPasswords: Bool { hashes.values.allSatisfy { $0.password != nil } }

    /// The hash of a user's password, or `nil`.
    subscript(user: String) -> PasswordHash? { hashes[user] }

    /// Whether a password is the user's. It takes as long for a user who does not exist.
    func accepts(_ user: String, _ password: Secret) -> Bool {
        if let hash = hashes[user] { return hash.belongs(to: password) }
        _ = hashes.values.first?.belongs(to: password)
        return false
    }

    private static func read(_ path: String) throws(UserDatabaseError) -> [UInt8] {
        guard let file = fopen(path, "rbe") else {
            throw .unreadableFile(path: path, reason: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            text.append(contentsOf: chunk[..<count])
            guard text.count <= maximumSize else {
                throw .unreadableFile(path: path, reason: "larger than 4 MiB")
            }
            guard count < chunk.count else { continue }
            guard ferror(file) == 0 else {
                throw .unreadableFile(path: path, reason: String(cString: strerror(errno)))
            }
            return text
        }
    }
}
