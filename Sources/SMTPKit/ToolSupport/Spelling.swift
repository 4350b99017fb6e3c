/// Guesses of what a misspelt word means.
package enum Spelling {
    /// Returns the first word that differs from this one by one letter left out, added, changed or swapped; `nil` for a
    /// word of one or two letters.
    package static func nearest(to word: String, among words: [String]) -> String? {
        guard word.count > 2 else { return nil }
        let letters = Array(word)
        return words.first { candidate in
            let name = Array(candidate)
            let same = zip(letters, name).prefix { $0 == $1 }.count
            let ending = zip(letters.reversed(), name.reversed()).prefix { $0 == $1 }.count
            let longest = max(letters.count, name.count)
            if letters.sorted() == name.sorted(), same + ending >= longest - 2 { return true }
            return abs(letters.count - name.count) <= 1 && same + ending >= longest - 1
        }
    }
}
