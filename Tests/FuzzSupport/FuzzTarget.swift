/// One part of the project that reads bytes of a stranger, and the properties that hold for every input.
///
/// `Scripts/fuzz` feeds a target with what libFuzzer comes up with; the tests feed it with the committed corpus.
package struct FuzzTarget: Sendable, CustomStringConvertible {
    /// The name, as `Scripts/fuzz` and the files of the corpus have it.
    package let name: String
    private let body: @Sendable (FuzzInput) throws -> Void

    /// Makes a target.
    ///
    /// - Parameters:
    ///   - name: the name of its corpus.
    ///   - check: throws ``FuzzFailure`` for an input that breaks a property.
    package init(_ name: String, check: @escaping @Sendable (FuzzInput) throws -> Void) {
        self.name = name
        body = check
    }

    package var description: String { name }

    /// Feeds the part with an input.
    ///
    /// - Throws: ``FuzzFailure`` when a property does not hold.
    package func check(_ input: [UInt8]) throws { try body(FuzzInput(input)) }
}

/// A property that an input breaks.
package struct FuzzFailure: Error, CustomStringConvertible {
    package let description: String

    /// Makes a failure.
    package init(_ description: String) { self.description = description }
}

/// Throws ``FuzzFailure`` unless a property holds.
package func expect(_ holds: Bool, _ property: @autoclosure () -> String) throws {
    guard holds else { throw FuzzFailure(property()) }
}
