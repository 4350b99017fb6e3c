/// A value on the command line that is not allowed, with what is.
///
/// The argument parser puts the option and the value before it:
///
///     smtpd-lite: The value '12Q' is invalid for '--max-size <size>': a size is a number of octets, …
package struct ValueError: Error, Hashable, CustomStringConvertible {
    /// The allowed values: the end of a sentence, without a full stop.
    package let description: String

    package init(_ description: String) { self.description = description }
}
