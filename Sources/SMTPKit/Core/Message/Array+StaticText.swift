extension [UInt8] {
    /// Appends text that is known when this is compiled, in one copy.
    mutating func append(text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }
}
