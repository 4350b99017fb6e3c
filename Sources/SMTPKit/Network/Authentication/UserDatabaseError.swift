/// Why the users could not be taken from where they are said to be.
///
/// None of its cases holds a password or a hash.
public enum UserDatabaseError: Error, Hashable, Sendable {
    /// A file cannot be read; the system's reason.
    case unreadableFile(path: String, reason: String)
    /// A line of a file cannot be used; its number, from 1.
    case malformedLine(path: String, line: Int, reason: String)
    /// A file names no users.
    case noUsers(path: String)
}

extension UserDatabaseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadableFile(let path, let reason):
            "\(path): cannot read the passwords: \(reason)"
        case .malformedLine(let path, let line, let reason):
            "line \(line) of the password file \(path) cannot be used: \(reason)"
        case .noUsers(let path):
            "the password file \(path) names no users; add one with: htpasswd -B \(path) USER"
        }
    }
}
