import CommandLineSupport

/// Addresses in a line of the language, which has blanks between them.
enum AddressWords {
    /// The address that a text begins with, and the words after it.
    ///
    ///     Ann Example <ann@example.org> NOTIFY=NEVER
    ///     "a b"@example.org SIZE=10
    ///
    /// - Throws: ``ValueError`` when it is no address.
    static func first(_ text: String) throws -> (address: HeaderAddress, rest: String) {
        let scalars = text.unicodeScalars
        var blank: String.Index?
        var isQuoted = false
        var isEscaped = false
        for index in scalars.indices {
            let scalar = scalars[index]
            if !isQuoted, scalar == ">" {
                let end = scalars.index(after: index)
                return (try HeaderAddress.parse(String(scalars[..<end])), String(scalars[end...]).trimmingBlanks)
            }
            if !isQuoted, blank == nil, scalar == " " || scalar == "\t" { blank = index }
            if scalar == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = scalar == "\\" && !isEscaped
        }
        let end = blank ?? scalars.endIndex
        return (try HeaderAddress.parse(String(scalars[..<end])), String(scalars[end...]).trimmingBlanks)
    }

    /// All addresses of a text, with blanks or commas between them.
    ///
    /// - Throws: ``ValueError`` for anything that is no recipient.
    static func addresses(_ text: String) throws -> [HeaderAddress] {
        var addresses: [HeaderAddress] = []
        for part in HeaderAddress.split(text) {
            var rest = part
            while !rest.isEmpty {
                let (address, following) = try first(rest)
                guard address.forwardPath != nil else { throw ValueError("<> is no recipient") }
                addresses.append(address)
                rest = following
            }
        }
        return addresses
    }
}
