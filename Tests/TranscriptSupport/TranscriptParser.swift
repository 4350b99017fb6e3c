import SMTPCore

/// Reads the text of a transcript; ``Transcript`` describes it.
package struct TranscriptParser {
    /// An error in a file, with its place.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let name: String
    private var settings: [Transcript.Setting: String] = [:]
    private var hooks: [Hook] = []
    private var steps: [Transcript.Step] = []
    private var messageCount: Int?
    private var hasComment = false

    private init(name: String) { self.name = name }

    /// Reads a transcript.
    package static func parse(_ text: String, name: String) throws -> Transcript {
        var parser = TranscriptParser(name: name)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where !line.isEmpty {
            do {
                try parser.read(String(line))
            } catch let failure as Failure {
                throw Failure(description: "\(name).txt:\(index + 1): \(failure)")
            }
        }
        guard parser.hasComment else { throw Failure(description: "\(name).txt: no comment says what it is about") }
        return Transcript(
            name: name, settings: parser.settings, hooks: parser.hooks, steps: parser.steps,
            messageCount: parser.messageCount)
    }

    private mutating func read(_ line: String) throws {
        let rest = String(line.dropFirst(2))
        let text = rest.hasPrefix(" ") ? String(rest.dropFirst()) : rest
        switch line.prefix(2) {
        case "# ": hasComment = true
        case "C:": steps.append(.send(Array("\(text)\r\n".utf8)))
        case "C!": steps.append(rest == "close" ? .clientCloses : .send(try OctetEscapes.decode(rest)))
        case "S:": steps.append(.expect(.line(text)))
        case "S~": steps.append(.expect(.pattern(text)))
        case "S*": steps.append(.expect(try Self.reply(text)))
        case "S!" where rest == "close": steps.append(.serverCloses)
        case "T!" where rest == "deadline": steps.append(.deadline)
        case "T!" where rest == "stop": steps.append(.stop)
        case "M:": content(Array("\(text)\r\n".utf8))
        case "M!": content(try OctetEscapes.decode(rest))
        case "E:": steps.append(.envelope(text))
        case _ where line.hasPrefix("@"): try directive(line)
        case _: throw Failure(description: "\(line): no step begins like this")
        }
    }

    private mutating func content(_ octets: [UInt8]) {
        if case .content(let before) = steps.last {
            steps[steps.count - 1] = .content(before + octets)
        } else {
            steps.append(.content(octets))
        }
    }

    private mutating func directive(_ line: String) throws {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        switch words.first {
        case "@messages" where words.count == 2:
            guard let count = Int(words[1]) else { throw Failure(description: "\(words[1]): a number was expected") }
            messageCount = count
        case "@set" where words.count == 3:
            guard let setting = Transcript.Setting(rawValue: words[1]) else {
                throw Failure(description: "\(words[1]): no such setting")
            }
            settings[setting] = words[2]
        case "@hook" where words.count == 3:
            guard let kind = Hook.Kind(rawValue: words[1]) else {
                throw Failure(description: "\(words[1]): no such question")
            }
            hooks.append(try Self.hook(kind, words[2]))
        case _:
            throw Failure(description: "\(line): @set, @hook or @messages was expected")
        }
    }

    private static func hook(_ kind: Hook.Kind, _ text: String) throws -> Hook {
        guard text.hasPrefix("~") else { return Hook(kind: kind, pattern: nil, verdict: try verdict(text)) }
        let parts = text.dropFirst().split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw Failure(description: "\(text): an answer was expected") }
        return Hook(kind: kind, pattern: parts[0], verdict: try verdict(parts[1]))
    }

    private static func verdict(_ text: String) throws -> DecisionAnswer {
        if text == "close" { return .close(nil) }
        if text.hasPrefix("close ") { return .close(try parsedReply(String(text.dropFirst(6)))) }
        if text.hasPrefix("each ") {
            return .perRecipient(try text.dropFirst(5).split(separator: " / ").map { try parsedReply(String($0)) })
        }
        if text.hasPrefix("accept-as ") { return .queued(QueueID(rawValue: String(text.dropFirst(10)))) }
        return .reply(try parsedReply(text))
    }

    private static func parsedReply(_ text: String) throws -> Reply {
        let words = text.split(separator: " ", maxSplits: 2).map(String.init)
        guard let number = words.first.flatMap({ UInt16($0) }), let code = ReplyCode(rawValue: number), words.count > 1
        else { throw Failure(description: "\(text): a reply was expected") }
        if words.count == 3, let status = EnhancedStatus(words[1]) { return Reply(code, status, words[2]) }
        return Reply(code, nil, words.dropFirst().joined(separator: " "))
    }

    /// `S* 250 WORD "SEVERAL WORDS" -WORD`.
    private static func reply(_ text: String) throws -> Transcript.Expectation {
        var words: [String] = []
        for (index, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            if index.isMultiple(of: 2) {
                words += part.split(separator: " ").map(String.init)
            } else {
                words.append(String(part))
            }
        }
        guard let code = words.first, code.utf8.count == 3 else {
            throw Failure(description: "\(text): a reply code was expected")
        }
        let marked = words.dropFirst()
        return .reply(
            code: code,
            present: marked.filter { !$0.hasPrefix("-") },
            absent: marked.filter { $0.hasPrefix("-") }.map { String($0.dropFirst()) })
    }
}
