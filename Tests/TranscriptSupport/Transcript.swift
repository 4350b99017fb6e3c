import SMTPCore

/// A dialogue written down in a text file, with what the server has to answer.
///
/// One line is one step; its first characters say which:
///
///     # RFC 5321, section 3.3       a comment; each file names the clause it is about
///     @set max-size 1000            a setting of the server (see ``Setting``)
///     @hook sender ~^eve@ 550 5.7.1 Go away
///                                   an answer of the application, for what matches (see ``Hook``)
///     @messages 1                   how many messages were accepted in all
///     C: NOOP                       the client sends a line; CRLF is added
///     C!NOOP\n                      the client sends these octets: \r \n \t \0 \\ \xNN \{x*500}
///     C!close                       the client closes its side
///     S: 250 2.0.0 Ok               the server answers this line
///     S~ ^250 2\.0\.0               the server answers a line that matches
///     S* 250 PIPELINING -AUTH       a whole reply of one line or more with this code; some line begins
///                                   with each word ("…" for several words), none with a word behind "-"
///     S!close                       the server closes
///     T!deadline                    a time limit passes
///     T!stop                        the server is told to stop
///     M: Subject: hi                the last message accepted has these lines (M! for octets)
///     E: joe@example.org > ann@example.net, bob@example.net
///                                   the last message accepted has this envelope
package struct Transcript: Sendable {
    /// The file's name without `.txt`.
    package let name: String
    /// The values of `@set`, by name.
    package let settings: [Setting: String]
    /// The values of `@hook`, in order.
    package let hooks: [Hook]
    /// The steps, in order.
    package let steps: [Step]
    /// The value of `@messages`.
    package let messageCount: Int?

    /// The names that `@set` knows.
    package enum Setting: String, Sendable, CaseIterable {
        case hostname
        /// `SMTP` (without extensions) or `LMTP`.
        case serverProtocol = "protocol"
        case bareNewline = "bare-newline"
        case maxSize = "max-size"
        case maxRecipients = "max-recipients"
        case maxErrors = "max-errors"
        case maxLine = "max-line"
        case commandLine = "command-line"
        case skippedLine = "skipped-line"
        case receivedFields = "received-fields"
        /// Networks joined by commas; the client is 192.0.2.1 in memory and 127.0.0.1 on a socket.
        case xclient
        case transactions
        case recipientDomains = "recipient-domains"
        /// Extensions offered beyond the usual, joined by commas.
        case offer
        case hide
        /// `yes`: nothing is let pass that the grammar does not allow.
        case strict
        /// `offered` or `required`; the handshake itself takes no time and always succeeds.
        case tls
        /// The subject of the certificate that the client shows in the handshake.
        case clientSubject = "client-subject"
        /// Mechanisms joined by commas. The one user is `alice`, and her password `secret`.
        case auth
        /// `yes`: passwords may be sent before TLS.
        case authInClear = "auth-in-clear"
        /// `yes`: `MAIL` needs `AUTH` first.
        case requireAuth = "require-auth"
        case authenticationLine = "authentication-line"
        case authenticationFailures = "authentication-failures"
        /// `fixed`: challenges hold no chance.
        case chance
    }

    /// One step of a dialogue.
    package enum Step: Sendable, Equatable {
        case send([UInt8])
        case clientCloses
        case expect(Expectation)
        case serverCloses
        case deadline
        case stop
        case content([UInt8])
        case envelope(String)
    }

    /// The expected answer of the server.
    package enum Expectation: Sendable, Equatable {
        case line(String)
        case pattern(String)
        case reply(code: String, present: [String], absent: [String])
    }

    /// Whether a server on a socket can be taken through it: time does not pass on request there, and the
    /// bytes after a `STARTTLS` that is accepted are the handshake's.
    package var runsOverSocket: Bool {
        !steps.contains(.deadline) && !steps.contains(.stop) && !startsTLS && settings[.chance] == nil
    }

    /// Whether `STARTTLS` is accepted somewhere.
    package var startsTLS: Bool {
        steps.contains { step in
            if case .expect(.line(let text)) = step { text.hasPrefix("220 2.0.0 ") } else { false }
        }
    }

    /// The same without what it says of messages, for a server whose messages are not seen.
    package var withoutMessages: Transcript {
        let steps = steps.filter { step in
            switch step {
            case .content, .envelope: false
            case .send, .clientCloses, .expect, .serverCloses, .deadline, .stop: true
            }
        }
        return Transcript(name: name, settings: settings, hooks: hooks, steps: steps, messageCount: nil)
    }
}

extension Transcript: CustomStringConvertible {
    package var description: String { name }
}
