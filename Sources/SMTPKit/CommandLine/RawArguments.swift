import Glibc

/// The words of the command line as the system has them.
package enum RawArguments {
    /// An error for the first word that is not UTF-8; `nil` when all are.
    ///
    /// Swift shows such a word with replacement characters, so a file would get a name that the user did not give.
    package static var fault: String? {
        for index in 1..<max(Int(CommandLine.argc), 1) {
            guard let word = CommandLine.unsafeArgv[index] else { break }
            guard String(validatingCString: word) == nil else { continue }
            let octets = UnsafeRawBufferPointer(start: word, count: strlen(word))
            return "argument \(index), '\(SafeText.visible(octets: octets))', is not UTF-8 (give names in UTF-8)"
        }
        return nil
    }
}
