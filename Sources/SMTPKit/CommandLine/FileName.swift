/// Names of files on the command line.
package enum FileName {
    /// The name itself.
    ///
    /// - Throws: ``ValueError`` for an empty one, which a variable that is not set leaves behind.
    package static func parse(_ text: String) throws -> String {
        guard !text.isEmpty else { throw ValueError("a file name is wanted") }
        return text
    }
}
