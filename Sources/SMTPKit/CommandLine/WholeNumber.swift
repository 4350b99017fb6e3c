/// Digits and nothing else.
package enum WholeNumber {
    /// The number, or `nil` when there is a sign, a blank or anything else, or when it is too large.
    package static func parse(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return Int(text)
    }

    /// A number that is at least one, for counts and limits.
    package static func parsePositive(_ text: String) throws -> Int {
        guard let number = parse(text), 1...1_000_000_000 ~= number else {
            throw ValueError("a whole number from 1 to 1000000000 is wanted")
        }
        return number
    }

    /// A descriptor that is open.
    package static func parseDescriptor(_ text: String) throws -> Int32 {
        guard let number = parse(text), let descriptor = Int32(exactly: number) else {
            throw ValueError("a descriptor is a whole number, such as 3")
        }
        guard Descriptor.isOpen(descriptor) else { throw ValueError("the shell has not opened this descriptor") }
        return descriptor
    }
}
