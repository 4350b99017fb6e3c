/// Words on the command line of which one has to be chosen.
package enum Choice {
    /// The case that a word names, upper or lower case.
    package static func parse<Value>(_ text: String) throws -> Value
    where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
        guard let value = Value(rawValue: text) ?? Value(rawValue: text.lowercased()) else {
            throw ValueError("one of \(words(of: Value.self).joined(separator: ", ")) is wanted")
        }
        return value
    }

    /// The words of a choice, in order.
    package static func words<Value>(of type: Value.Type) -> [String]
    where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
        type.allCases.map(\.rawValue)
    }
}
