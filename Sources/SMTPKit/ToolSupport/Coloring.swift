/// When a tool uses colours: the values of `--color`.
package enum Coloring: String, CaseIterable, Sendable {
    case auto, always, never

    /// Whether what is written to a descriptor gets colours. With ``auto``, ``Screen/wantsColor(on:)`` decides.
    package func isWanted(on descriptor: Int32) -> Bool {
        switch self {
        case .auto: Screen.wantsColor(on: descriptor)
        case .always: true
        case .never: false
        }
    }
}
