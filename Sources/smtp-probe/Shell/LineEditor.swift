import CReadline
import Glibc

/// GNU Readline, through its callback interface: bytes in as they are typed, lines out.
///
/// There is one, for readline keeps its state in globals. It takes the terminal only while a line is wanted, and gives
/// it back to the ``KeyboardHold`` before that line is run.
final class LineEditor {
    /// The result of the user's input.
    enum Input: Equatable {
        case line([UInt8])
        /// Ctrl-D on an empty line, or the end of the terminal.
        case end
    }

    nonisolated(unsafe) private static var current: LineEditor?

    /// Returns the words that fit at the cursor; `nil` for names of files.
    var complete: (_ before: [String], _ word: String) -> [String]? = { _, _ in [] }
    /// Whether TAB inserts itself, as within content.
    var insertsTabs = false
    private(set) var isActive = false
    private var isHidden = false
    private var input: Input?
    private var candidates: [String] = []

    /// Readies readline, which reads the user's `~/.inputrc` with `$if smtp-probe`.
    init() {
        Self.current = self
        probe_rl_configure { text, start, _ in LineEditor.current?.matches(text, Int(start)) }
        using_history()
        rl_initialize()
    }

    // MARK: Lines

    /// Takes the terminal, and shows the prompt.
    ///
    /// - Parameter isHidden: whether what is typed is not to be seen.
    func begin(_ prompt: String, isHidden: Bool) {
        input = nil
        isActive = true
        self.isHidden = isHidden
        probe_rl_hide(isHidden ? 1 : 0)
        // This turns the terminal's echo off. The prompt for a secret appears only after that.
        rl_callback_handler_install(isHidden ? "" : prompt) { line in LineEditor.current?.take(line) }
        if isHidden { show(prompt) }
    }

    /// Reads what was typed; there has to be something.
    ///
    /// - Returns: the line, once it is whole. The terminal is as it was before then.
    func readReady() -> Input? {
        rl_callback_read_char()
        guard input != nil else { return nil }
        defer { input = nil }
        return input
    }

    /// Gives the terminal back, whatever was typed.
    func end() {
        guard isActive else { return }
        isActive = false
        rl_callback_handler_remove()
        probe_rl_hide(0)
    }

    private func take(_ line: UnsafeMutablePointer<CChar>?) {
        if let line {
            let count = strlen(line)
            input = .line(
                line.withMemoryRebound(to: UInt8.self, capacity: count) { text in
                    Array(UnsafeBufferPointer(start: text, count: count))
                })
            if isHidden {
                show("\n")
                memset(line, 0, count)
            }
            free(line)
        } else {
            show("\n")
            input = .end
        }
        end()
    }

    private func show(_ text: String) {
        probe_rl_show(text)
    }

    // MARK: Beside the line

    /// Says something above the line that is being typed.
    func beside(_ body: () -> Void) {
        guard isActive, !isHidden else { return body() }
        rl_clear_visible_line()
        probe_rl_show("")
        body()
        rl_forced_update_display()
    }

    /// Forgets what was typed, and begins a new line.
    func dropLine() {
        guard isActive else { return }
        rl_callback_sigcleanup()
        probe_rl_drop_line()
        show("^C\n")
        rl_on_new_line()
        rl_redisplay()
    }

    /// The terminal has another size.
    func resize() {
        if isActive { rl_resize_terminal() }
    }

    /// Stops the process as Ctrl-Z asks for, with the terminal as it was, and goes on when it is continued.
    func suspend(_ stop: () -> Void) {
        guard isActive else { return stop() }
        rl_cleanup_after_signal()
        stop()
        rl_reset_after_signal()
        if !isHidden { rl_forced_update_display() }
    }

    // MARK: Completion

    private func matches(_ text: UnsafePointer<CChar>?, _ start: Int) -> UnsafeMutablePointer<
        UnsafeMutablePointer<CChar>?
    >? {
        guard let text else { return nil }
        let line = Array(String(cString: probe_rl_line()).utf8)
        let before = String(decoding: line.prefix(start), as: UTF8.self)
            .split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        let word = String(cString: text)
        guard !isHidden, !insertsTabs else {
            probe_rl_no_file_completion()
            if insertsTabs { rl_insert_text("\t") }
            return nil
        }
        guard let words = complete(before, word) else { return nil }
        probe_rl_no_file_completion()
        candidates = words.filter { $0.lowercased().hasPrefix(word.lowercased()) }
        // After these the value follows without a blank.
        if candidates.contains(where: { "=<:".contains($0.last ?? " ") }) { probe_rl_completion_append(0) }
        return probe_rl_matches(text) { _, state in LineEditor.current?.candidate(Int(state)) }
    }

    private func candidate(_ index: Int) -> UnsafeMutablePointer<CChar>? {
        index < candidates.count ? strdup(candidates[index]) : nil
    }

    // MARK: History

    /// Adds a line to those that the arrow keys bring back.
    func remember(_ line: String) { add_history(line) }

    /// Brings back the lines of earlier sessions, the last so many.
    func recall(from path: String, limit: Int32) {
        stifle_history(limit)
        read_history(path)
    }
}
