import CommandLineSupport
import SMTPKit

/// A fault, where it happens and how often: one `--fault`.
///
///     rcpt~@example\.org#2+=450 4.2.1 Not now
struct FaultRule: Sendable {
    /// The stage of the dialogue.
    let stage: DialogueStage
    /// The pattern for the argument of the stage, if any.
    let pattern: Pattern?
    /// Which of the times that it comes to this.
    let selector: FaultSelector
    /// The action.
    let interception: Interception

    /// Whether a step is one that the rule counts.
    func concerns(_ step: DialogueStep) -> Bool {
        guard step.stage == stage else { return false }
        guard let pattern else { return true }
        return step.address.map(pattern.matches) ?? false || pattern.matches(step.argument)
    }
}

/// Which of the times that it comes to a fault: `#3`, `#2+`, `#/5`, `#10%`.
enum FaultSelector: Hashable, Sendable {
    case always
    /// The nth time alone.
    case only(Int)
    /// The nth time, and all later ones.
    case from(Int)
    /// Every nth time.
    case every(Int)
    /// With odds of so many in a hundred.
    case odds(Int)

    /// Parses the selector after a `#`.
    static func parse(_ text: some StringProtocol) throws -> FaultSelector {
        let selector: FaultSelector? =
            if text.hasPrefix("/") {
                number(text.dropFirst(), 1_000_000_000).map(every)
            } else if text.hasSuffix("+") {
                number(text.dropLast(), 1_000_000_000).map(from)
            } else if text.hasSuffix("%") {
                number(text.dropLast(), 100).map(odds)
            } else {
                number(text, 1_000_000_000).map(only)
            }
        guard let selector else {
            throw ValueError(
                "a selector is #3, #2+, #/5 or #10%, and '#\(text)' is none; in a regular expression write [#]")
        }
        return selector
    }

    private static func number(_ text: some StringProtocol, _ most: Int) -> Int? {
        WholeNumber.parse(text).flatMap { 1...most ~= $0 ? $0 : nil }
    }

    /// Whether it is the time.
    ///
    /// - Parameters:
    ///   - count: how many times it came to this, this time included.
    ///   - dice: for odds; thrown at each time, so that those of one rule depend on nothing else.
    func isDue(_ count: Int, _ dice: inout Dice) -> Bool {
        switch self {
        case .always: true
        case .only(let number): count == number
        case .from(let number): count >= number
        case .every(let number): count % number == 0
        case .odds(let percent): Int.random(in: 0..<100, using: &dice) < percent
        }
    }
}

/// Chance that can be had again: the same seed gives the same numbers (SplitMix64).
struct Dice: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
