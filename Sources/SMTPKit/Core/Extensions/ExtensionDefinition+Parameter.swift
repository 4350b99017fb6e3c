extension ExtensionDefinition {
    /// A parameter that an extension adds to a command.
    public struct Parameter: Sendable {
        /// A command that can carry parameters.
        public struct Command: Hashable, Sendable {
            /// The verb.
            public let verb: Verb

            /// `MAIL`.
            public static let mail = Command(verb: .mail)
            /// `RCPT`.
            public static let rcpt = Command(verb: .rcpt)
        }

        /// The command.
        public let command: Command
        /// The keyword in upper case.
        public let keyword: String
        /// How many bytes longer than without the extension the command's line may be.
        public let maximumLength: Int

        /// The refusal, or `nil`.
        let refusal: @Sendable (ESMTPParameter, ParameterContext) -> Reply?

        /// Defines a parameter. A value that is not taken is answered `501 5.5.4`.
        ///
        /// The program stops if the keyword is not of ASCII letters, digits and hyphens, or the length is negative.
        ///
        /// - Parameters:
        ///   - keyword: the text before the `=`. Its case does not matter.
        ///   - command: the command.
        ///   - maximumLength: how many bytes longer the line may be, the space before the parameter included. It
        ///     counts where the syntax is strict.
        ///   - takes: whether a value is taken; `nil` is a parameter without `=`. It is called on an event loop for
        ///     each command that carries the parameter, and must not wait.
        public init(
            _ keyword: String, of command: Command, maximumLength: Int, takes: @escaping @Sendable (String?) -> Bool
        ) {
            ExtensionDefinition.requireKeyword(keyword)
            precondition(maximumLength >= 0, "a length of \(maximumLength) bytes; use 0 or more")
            self.init(keyword.uppercased(), command, growth: maximumLength) { value in
                takes(value) ? nil : .invalidParameter
            }
        }

        /// Defines a parameter of the library whose value alone decides.
        init(
            _ keyword: String, _ command: Command, growth: Int = 0, refusal: @escaping @Sendable (String?) -> Reply?
        ) {
            self.init(keyword, command, growth: growth) { parameter, _ in refusal(parameter.value) }
        }

        /// Defines a parameter of the library.
        init(
            _ keyword: String, _ command: Command, growth: Int = 0,
            refusal: @escaping @Sendable (ESMTPParameter, ParameterContext) -> Reply?
        ) {
            self.keyword = keyword
            self.command = command
            maximumLength = growth
            self.refusal = refusal
        }

        /// The same parameter, unknown in clear.
        var insideTLS: Parameter {
            Parameter(keyword, command, growth: maximumLength) { [refusal] parameter, context in
                context.isSecured ? refusal(parameter, context) : .unknownParameter
            }
        }
    }
}

/// The facts beside its value that the rules of a parameter use.
struct ParameterContext {
    /// All parameters of the command.
    let parameters: [ESMTPParameter]
    /// Whether the command came inside TLS.
    let isSecured: Bool
    /// Whether the message may have addresses beyond ASCII; known from `RCPT` on.
    let isInternationalized: Bool
    /// The time at which the command came; `nil` where it is not known.
    let time: Timestamp?
    /// The largest message in bytes; `nil` for no limit.
    let messageSize: Int?
    /// Whether BINARYMIME is offered.
    let takesBinary: Bool
}
