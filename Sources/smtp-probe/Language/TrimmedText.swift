extension StringProtocol {
    /// Without blanks and tabs at its ends.
    var trimmingBlanks: String {
        // Not by characters: a blank and an accent after it make one.
        let isBlank: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first..<scalars.index(after: last)])
    }
}
