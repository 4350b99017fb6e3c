/// Why a password file cannot be used.
///
/// It never contains a password or a hash.
public struct UserDatabaseError: Error, Hashable, Sendable {
    /// A kind of error. Later versions may add kinds.
    public struct Code: Hashable, Sendable {
        /// The code as a word.
        public let name: String

        /// The file cannot be read.
        public static let unreadableFile = Code(name: "unreadable-file")
        /// A line of the file cannot be used.
        public static let malformedLine = Code(name: "malformed-line")
        /// The file names no users.
        public static let noUsers = Code(name: "no-users")
    }

    /// The kind of error.
    public let code: Code
    /// The file.
    public let path: String
    /// The number of the line, from 1; `nil` if the error is not about a line.
    public let line: Int?
    /// The error in one line, with the fix.
    public let description: String

    private init(_ code: Code, _ path: String, line: Int? = nil, _ description: String) {
        self.code = code
        self.path = path
        self.line = line
        self.description = description
    }
}

extension UserDatabaseError: CustomStringConvertible {
    static func unreadableFile(path: String, reason: String) -> Self {
        Self(.unreadableFile, path, "\(path): cannot read the passwords: \(reason)")
    }

    static func malformedLine(path: String, line: Int, reason: String) -> Self {
        Self(.malformedLine, path, line: line, "line \(line) of the password file \(path) cannot be used: \(reason)")
    }

    static func noUsers(path: String) -> Self {
        Self(.noUsers, path, "the password file \(path) names no users; add one with: htpasswd -B \(path) USER")
    }
}

extension UserDatabaseError.Code: CustomStringConvertible {
    public var description: String { name }
}
