/// Names of files on the command line.
package enum FileName {
    /// The name itself.
    ///
    /// - Throws: ``ValueError`` for an empty one, such as an unset variable gives.
    package static func parse(_ text: String) throws -> String {
        guard !text.isEmpty else { throw ValueError("a file name is wanted") }
        return text
    }
}
