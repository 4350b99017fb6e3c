/// A fault in a record or a policy that a domain publishes.
struct RecordError: Error, Hashable, CustomStringConvertible {
    /// The fault in a few words, with the part at fault.
    let description: String

    init(_ description: String) { self.description = description }
}
