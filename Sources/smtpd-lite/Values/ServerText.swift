import CommandLineSupport

/// The texts in which the server names itself.
enum ServerText {
    /// Returns the text after the name in the greeting. It may be empty.
    static func banner(_ text: String) throws -> String {
        guard text.utf8.count <= 200, text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
            throw ValueError("at most 200 printable ASCII characters are wanted")
        }
        return text
    }
}
