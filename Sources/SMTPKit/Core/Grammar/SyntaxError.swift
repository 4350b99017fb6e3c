/// Text from a peer that does not follow the grammar.
///
/// The code says which rule was broken, so that the session can choose the finest reply.
///
///     catch let error where error.code == .pathTooLong { … }
///
/// - SeeAlso: RFC 5321, section 4.1.
public struct SyntaxError: Error, Hashable, Sendable {
    /// A rule that text can break. Later versions may add rules.
    public struct Code: Hashable, Sendable {
        package let kind: Kind

        /// The code as a word, such as `path-too-long`.
        public var name: String { kind.rawValue }

        /// The line is empty or does not begin with a word.
        public static var notACommand: Code { Code(kind: .notACommand) }
        /// The word is no verb that is known.
        public static var unknownVerb: Code { Code(kind: .unknownVerb) }
        /// An argument that is required is missing.
        public static var missingArgument: Code { Code(kind: .missingArgument) }
        /// The command takes no argument, or has more than it takes.
        public static var unexpectedArgument: Code { Code(kind: .unexpectedArgument) }
        /// An argument is malformed.
        public static var invalidArgument: Code { Code(kind: .invalidArgument) }
        /// A path is malformed.
        public static var invalidPath: Code { Code(kind: .invalidPath) }
        /// A path, local part or domain is over its limit.
        public static var pathTooLong: Code { Code(kind: .pathTooLong) }
        /// A parameter is malformed.
        public static var invalidParameter: Code { Code(kind: .invalidParameter) }
        /// A keyword appears twice.
        public static var duplicateParameter: Code { Code(kind: .duplicateParameter) }
        /// Control characters in the line.
        public static var controlCharacter: Code { Code(kind: .controlCharacter) }
        /// Bytes above 127 that are not UTF-8.
        public static var invalidUTF8: Code { Code(kind: .invalidUTF8) }
    }

    /// The rules, for switches inside the package.
    package enum Kind: String, Sendable {
        /// The line is empty or does not begin with a word.
        case notACommand = "not-a-command"
        /// The word is no verb that is known.
        case unknownVerb = "unknown-verb"
        /// An argument that is required is missing.
        case missingArgument = "missing-argument"
        /// The command takes no argument, or has more than it takes.
        case unexpectedArgument = "unexpected-argument"
        /// An argument is malformed.
        case invalidArgument = "invalid-argument"
        /// A path is malformed.
        case invalidPath = "invalid-path"
        /// A path, local part or domain is over its limit.
        case pathTooLong = "path-too-long"
        /// A parameter is malformed.
        case invalidParameter = "invalid-parameter"
        /// A keyword appears twice.
        case duplicateParameter = "duplicate-parameter"
        /// Control characters in the line.
        case controlCharacter = "control-character"
        /// Bytes above 127 that are not UTF-8.
        case invalidUTF8 = "invalid-utf8"
    }

    /// The rule that was broken.
    public let code: Code

    private init(_ kind: Kind) { code = Code(kind: kind) }

    /// An error of the kind ``Code/notACommand``.
    public static var notACommand: Self { Self(.notACommand) }
    /// An error of the kind ``Code/unknownVerb``.
    public static var unknownVerb: Self { Self(.unknownVerb) }
    /// An error of the kind ``Code/missingArgument``.
    public static var missingArgument: Self { Self(.missingArgument) }
    /// An error of the kind ``Code/unexpectedArgument``.
    public static var unexpectedArgument: Self { Self(.unexpectedArgument) }
    /// An error of the kind ``Code/invalidArgument``.
    public static var invalidArgument: Self { Self(.invalidArgument) }
    /// An error of the kind ``Code/invalidPath``.
    public static var invalidPath: Self { Self(.invalidPath) }
    /// An error of the kind ``Code/pathTooLong``.
    public static var pathTooLong: Self { Self(.pathTooLong) }
    /// An error of the kind ``Code/invalidParameter``.
    public static var invalidParameter: Self { Self(.invalidParameter) }
    /// An error of the kind ``Code/duplicateParameter``.
    public static var duplicateParameter: Self { Self(.duplicateParameter) }
    /// An error of the kind ``Code/controlCharacter``.
    public static var controlCharacter: Self { Self(.controlCharacter) }
    /// An error of the kind ``Code/invalidUTF8``.
    public static var invalidUTF8: Self { Self(.invalidUTF8) }
}

extension SyntaxError: CustomStringConvertible {
    public var description: String {
        switch code.kind {
        case .notACommand: "the line is not a command"
        case .unknownVerb: "the verb is unknown"
        case .missingArgument: "an argument is missing"
        case .unexpectedArgument: "there is an argument too many"
        case .invalidArgument: "an argument is malformed"
        case .invalidPath: "the address is malformed"
        case .pathTooLong: "the address is too long"
        case .invalidParameter: "a parameter is malformed"
        case .duplicateParameter: "a parameter stands twice"
        case .controlCharacter: "the line holds a control character"
        case .invalidUTF8: "the line is not valid UTF-8"
        }
    }
}

extension SyntaxError.Code: CustomStringConvertible {
    public var description: String { name }
}
