import CommandLineSupport
import SMTPKit

/// The condition of an `:expect` on a reply.
///
///     :expect 250
///     :expect 5 /no such/
///     :expect timeout
struct Expectation {
    /// The event that is expected.
    enum Subject: Equatable {
        /// A reply whose code begins with these digits.
        case code(String)
        /// No reply in time.
        case timeout
        /// The end of the connection.
        case close
    }

    let subject: Subject
    private let pattern: Regex<AnyRegexOutput>?
    /// As it was written.
    let text: String

    /// Reads `CODE|CLASS|timeout|close [/RE/]`.
    init(_ text: String) throws {
        let word = text.prefix { $0 != " " }
        let rest = text.dropFirst(word.count).trimmingBlanks
        self.text = text
        switch word.lowercased() {
        case "timeout": subject = .timeout
        case "close": subject = .close
        case let code:
            let digits = code.prefix { $0 != "x" }
            guard 1...3 ~= digits.count, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
                "2"..."5" ~= digits.prefix(1), code.count == 3 || code.count == digits.count && code.count < 3,
                code.dropFirst(digits.count).allSatisfy({ $0 == "x" })
            else {
                throw ValueError(
                    "a code such as 250, a class such as 2xx or 2, timeout or close is wanted, with an optional /pattern/"
                )
            }
            subject = .code(String(digits))
        }
        guard !rest.isEmpty else {
            pattern = nil
            return
        }
        guard rest.count >= 2, rest.hasPrefix("/"), rest.hasSuffix("/"), case .code = subject else {
            throw ValueError("a pattern stands between slashes, such as /no such user/")
        }
        do {
            pattern = try Regex(String(rest.dropFirst().dropLast())).ignoresCase()
        } catch {
            throw ValueError("the pattern cannot be read: \(error)")
        }
    }

    /// Whether it is met.
    func isMet(by result: Outcome) -> Bool {
        switch subject {
        case .code(let digits):
            guard case .reply(let reply) = result else { return false }
            return reply.code.description.hasPrefix(digits) && matches(reply)
        case .timeout: return result == .timeout
        case .close: return result == .closed
        }
    }

    private func matches(_ reply: Reply) -> Bool {
        guard let pattern else { return true }
        let status = reply.status.map { "\($0) " } ?? ""
        return reply.lines.contains { "\(reply.code) \(status)\($0)".contains(pattern) }
    }
}

/// The outcome of a line.
enum Outcome: Equatable {
    case reply(Reply)
    /// Something that is no reply, and why it is none.
    case malformed(String)
    case timeout
    case closed
}

extension Outcome: CustomStringConvertible {
    var description: String {
        switch self {
        case .reply(let reply): SafeText.cut(SafeText.visible("\(reply)"), to: 200)
        case .malformed(let reason): SafeText.visible(reason)
        case .timeout: "no reply in time"
        case .closed: "the connection was closed"
        }
    }
}
