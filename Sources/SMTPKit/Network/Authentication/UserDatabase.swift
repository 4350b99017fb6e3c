internal import NIOPosix
public import SMTPCore

/// The users who may log in: everybody, one user, or those of a password file.
///
/// It answers the questions of a SASL exchange. A file is read once, when the database is made.
public struct UserDatabase: Sendable {
    private enum Users: Sendable {
        case anyone
        case one(user: String, Secret)
        case file(PasswordFile)
    }

    private let users: Users

    /// Everybody, with any password: for tests of clients.
    public static var anyone: UserDatabase { UserDatabase(users: .anyone) }

    /// One user.
    public static func user(_ user: String, password: Secret) -> UserDatabase {
        UserDatabase(users: .one(user: user, password))
    }

    /// The users of a file in the format of `htpasswd`: bcrypt, SHA-512-crypt, `{SHA}`, apr1 or plain text.
    ///
    /// - Throws: ``UserDatabaseError``, which names the file and the line.
    public static func file(_ path: String) throws(UserDatabaseError) -> UserDatabase {
        UserDatabase(users: .file(try PasswordFile(path: path)))
    }

    private init(users: Users) {
        self.users = users
    }

    /// Whether a mechanism can work with these users: one with a challenge needs the passwords themselves, and
    /// SCRAM cannot be had for just anybody, as the server has to prove that it knows the password.
    public func supports(_ mechanism: SASLMechanism) -> Bool {
        switch mechanism {
        case .plain, .login, .xoauth2, .oauthBearer, .external: true
        case .cramMD5:
            switch users {
            case .anyone, .one: true
            case .file(let file): file.holdsPlainPasswords
            }
        case .scramSHA1, .scramSHA1Plus, .scramSHA256, .scramSHA256Plus:
            switch users {
            case .anyone: false
            case .one: true
            case .file(let file): file.holdsPlainPasswords
            }
        }
    }

    /// Answers a question off the event loop, as a hash may take a tenth of a second.
    public func answer(_ question: SASLQuestion) async -> SASLAnswer {
        guard case .file = users else { return decide(question) }
        let answer = try? await NIOThreadPool.singleton.runIfActive { decide(question) }
        return answer ?? .unavailable
    }

    /// Answers a question at once, however long it takes.
    package func decide(_ question: SASLQuestion) -> SASLAnswer {
        switch users {
        case .anyone: Self.accept(question)
        case .one(let name, let password): Self.compare(question, name, password)
        case .file(let file): Self.look(question, in: file)
        }
    }

    private static func accept(_ question: SASLQuestion) -> SASLAnswer {
        switch question {
        case .password, .secret: .accepted
        case .token(let user, _): .acceptedAs(user ?? "anonymous")
        case .external(let subject, let identity): .acceptedAs(identity ?? commonName(subject))
        }
    }

    private static func compare(_ question: SASLQuestion, _ name: String, _ password: Secret) -> SASLAnswer {
        switch question {
        case .password(let user, let identity, _), .secret(let user, let identity, _):
            user == name && identity == nil ? .password(password) : .refused
        case .token(let user, let token):
            (user ?? name) == name && token.isEqual(to: password) ? .acceptedAs(name) : .refused
        case .external(let subject, let identity):
            represents(subject, identity, name) ? .acceptedAs(name) : .refused
        }
    }

    private static func look(_ question: SASLQuestion, in file: PasswordFile) -> SASLAnswer {
        switch question {
        case .password(let user, let identity, let password):
            return file.accepts(user, password) && identity == nil ? .accepted : .refused
        case .secret(let user, let identity, _):
            guard identity == nil, let password = file[user]?.password else { return .refused }
            return .password(password)
        case .token(let user, let token):
            guard let user else { return .refused }
            return file.accepts(user, token) ? .accepted : .refused
        case .external(let subject, let identity):
            let name = commonName(subject)
            return file[name] != nil && represents(subject, identity, name) ? .acceptedAs(name) : .refused
        }
    }

    /// Whether a certificate's subject is a user, and wants to act as itself only.
    private static func represents(_ subject: String, _ identity: String?, _ user: String) -> Bool {
        commonName(subject) == user && (identity ?? user) == user
    }

    /// The common name of `CN=alice,O=Example`; the whole subject where there is none.
    private static func commonName(_ subject: String) -> String {
        for part in subject.split(separator: ",") where part.hasPrefix("CN=") { return String(part.dropFirst(3)) }
        return subject
    }
}
