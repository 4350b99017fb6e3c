import CommandLineSupport
import SMTPKit

/// The actions of a rule, read one by one: `delay:2s`, `450 Not now`, `drop`.
struct FaultActions {
    static let allowed =
        "an action is a reply such as 450 or 550 5.1.1 No such user, 421, drop, reset, stall, delay:2s, slow:10/s, "
        + "truncate, garble or after:64K"

    private let stage: DialogueStage
    private var interception = Interception()
    /// The words of the actions so far, by what they are about.
    private var given: [Topic: String] = [:]

    /// The subject of an action; a rule has at most one action for each.
    private enum Topic: Hashable { case after, delay, reply, form, ending }

    private init(_ stage: DialogueStage) { self.stage = stage }

    /// Parses a rule's actions.
    static func parse(_ parts: [String], at stage: DialogueStage) throws -> Interception {
        var actions = FaultActions(stage)
        for part in parts { try actions.add(part) }
        try actions.check()
        return actions.interception
    }

    /// Whether a text begins as an action does.
    static func isAction(_ text: some StringProtocol) -> Bool {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        if digits.count == 3 { return true }
        return ["drop", "reset", "stall", "truncate", "garble", "delay:", "slow:", "after:"].contains {
            text.hasPrefix($0)
        }
    }

    private mutating func add(_ part: String) throws {
        let word = part.prefix { $0 != ":" }
        let value = part.dropFirst(word.count + 1)
        switch word {
        case "drop": try note(.ending, part) { $0.ending = .drop }
        case "reset": try note(.ending, part) { $0.ending = .reset }
        case "stall": try note(.ending, part) { $0.ending = .stall }
        case "truncate": try note(.form, part) { $0.form = .truncated }
        case "garble": try note(.form, part) { $0.form = .garbled }
        case "delay":
            let delay = try TimeSpan.parse(String(value))
            try note(.delay, part) { $0.delay = delay }
        case "slow":
            let rate = try Rate.parse(value)
            try note(.form, part) { $0.form = .slow(pause: rate.time / rate.count) }
        case "after":
            let count = try ByteCount.parse(String(value))
            guard count > 0 else { throw ValueError("after:0 is nothing to wait for; leave it out") }
            guard stage == .body else {
                throw ValueError("after counts the octets of a body; it is for the stage body")
            }
            try note(.after, part) { $0.after = count }
        case _:
            guard part.utf8.first.map({ 0x30...0x39 ~= $0 }) == true else {
                throw ValueError("'\(part)' is no action; \(Self.allowed); in a reply write \\, for a comma")
            }
            let reply = try ReplyText.parse(part, usual: "Fault as asked for")
            try note(.reply, part) { $0.reply = reply }
        }
    }

    private mutating func note(_ topic: Topic, _ part: String, _ set: (inout Interception) -> Void) throws {
        let hasNoValue = topic == .ending || ["truncate", "garble"].contains(part.prefix { $0 != ":" })
        if hasNoValue, part.contains(":") { throw ValueError("'\(part)': this action has no value") }
        if let other = given[topic] {
            throw ValueError("'\(other)' and '\(part)' contradict each other; give one of them")
        }
        given[topic] = part
        set(&interception)
    }

    /// Refuses what has no meaning together.
    private func check() throws {
        if let form = given[.form], let ending = given[.ending] {
            guard interception.form != .truncated, interception.reply != nil else {
                throw ValueError(
                    "'\(form)' needs a reply, and '\(ending)' gives none"
                        + (interception.form == .truncated ? "; truncate closes by itself" : ""))
            }
        }
        if stage == .body {
            if let form = given[.form], given[.reply] == nil {
                throw ValueError("'\(form)' needs a reply, and the stage body has none of its own")
            }
            if let reply = interception.reply, reply.code.rawValue < 400 {
                throw ValueError("at the stage body a reply refuses: 4yz or 5yz, not \(reply.code)")
            }
            if let after = given[.after], given.count == 1 {
                throw ValueError("'\(after)' needs an action for what happens then, such as \(after),drop")
            }
        }
    }
}
