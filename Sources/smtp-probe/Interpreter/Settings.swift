import CommandLineSupport

/// The values that `:set` changes.
struct Settings {
    /// The names that `:set` accepts.
    static let names = ["timeout", "explain", "timing", "trace", "split"]

    /// Whether the time that each reply took is shown.
    var timing = false
    /// Whether everything that is sent is shown, even what was typed.
    var trace = false
    /// Whether a refusal is explained.
    var explain = true
    /// In pieces of how many bytes lines are sent; `nil` for whole.
    var split: Int?

    /// `on` or `off`; the other of both when there is no word.
    static func toggle(_ value: inout Bool, _ text: String) throws {
        switch text.lowercased() {
        case "on", "yes", "1": value = true
        case "off", "no", "0": value = false
        case "": value.toggle()
        case _: throw ValueError("on or off is wanted")
        }
    }
}
