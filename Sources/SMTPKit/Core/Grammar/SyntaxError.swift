/// Text from a peer that does not follow the grammar.
///
/// Each case says which rule was broken, so that the session can choose the finest reply.
///
/// - SeeAlso: RFC 5321, section 4.1.
public enum SyntaxError: Error, Hashable, Sendable {
    /// The line is empty or does not begin with a word.
    case notACommand
    /// The word is no verb that is known.
    case unknownVerb
    /// An argument that is required is missing.
    case missingArgument
    /// The command takes no argument, or has more than it takes.
    case unexpectedArgument
    /// An argument is malformed.
    case invalidArgument
    /// A path is malformed.
    case invalidPath
    /// A path, local part or domain is over its limit.
    case pathTooLong
    /// A parameter is malformed.
    case invalidParameter
    /// A keyword appears twice.
    case duplicateParameter
    /// Control characters in the line.
    case controlCharacter
    /// Bytes above 127 that are not UTF-8.
    case invalidUTF8
}

extension SyntaxError: CustomStringConvertible {
    public var description: String {
        switch self {
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
