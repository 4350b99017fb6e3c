import CommandLineSupport
import SMTPKit

/// The value of `--auth`: `any`, `user:password` or `@file`.
enum UserList {
    /// Parses the value, and reads the file if it names one.
    ///
    /// - Throws: ``ValueError``, without the value, which may hold a password; `UserDatabaseError` for the file.
    static func parse(_ text: String) throws -> UserDatabase {
        if text == "any" { return .anyone }
        if text.hasPrefix("@") { return try .file(String(text.dropFirst())) }
        guard let colon = text.firstIndex(of: ":") else {
            throw malformed("there is no colon between user and password")
        }
        let (user, password) = (text[..<colon], text[text.index(after: colon)...])
        guard !user.isEmpty, !password.isEmpty, !text.utf8.contains(0) else {
            throw malformed("the user or the password is empty or holds a NUL")
        }
        return .user(String(user), password: Secret(String(password)))
    }

    private static func malformed(_ reason: String) -> ValueError {
        ValueError("the users cannot be taken from this: \(reason); any, user:password or @file is needed")
    }
}
