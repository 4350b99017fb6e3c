import Glibc

/// The words of the command line as the system has them.
package enum RawArguments {
    /// The error for the first word that is not UTF-8; `nil` when there is none.
    ///
    /// Swift shows such a word with replacement characters: a file would get another name than was given. Words after
    /// `--` are not checked, because they are passed to a command byte for byte.
    package static var fault: String? {
        for index in 1..<max(Int(CommandLine.argc), 1) {
            guard let word = CommandLine.unsafeArgv[index] else { break }
            guard strcmp(word, "--") != 0 else { break }
            guard String(validatingCString: word) == nil else { continue }
            let octets = UnsafeRawBufferPointer(start: word, count: strlen(word))
            return "argument \(index), '\(SafeText.visible(octets: octets))', is not UTF-8 (give names in UTF-8)"
        }
        return nil
    }
}
