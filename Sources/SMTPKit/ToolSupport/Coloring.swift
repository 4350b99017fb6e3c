/// When a tool uses colours: the values of `--color`.
package enum Coloring: String, CaseIterable, Sendable {
    case auto, always, never

    /// The help of `--color`.
    package static let help =
        "When to use colours: auto, always or never. With auto, on a terminal that has some and without NO_COLOR."

    /// Whether what is written to a descriptor gets colours. With ``auto``, ``Screen/wantsColor(on:)`` decides.
    package func isWanted(on descriptor: Int32) -> Bool {
        switch self {
        case .auto: Screen.wantsColor(on: descriptor)
        case .always: true
        case .never: false
        }
    }
}
