import Glibc

/// A connection that is accepted already: the one that inetd(8) passes to a program, or a pair of pipes.
public struct EstablishedConnection: Hashable, Sendable {
    /// The descriptor that the client's bytes are read from.
    public let input: Int32
    /// The descriptor that replies are written to.
    public let output: Int32

    /// A connection; the descriptors are the server's from then on.
    ///
    /// - Parameters:
    ///   - input: a socket, a pipe or a character device.
    ///   - output: the same as `input` for a socket, or the other pipe.
    public init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    /// Whether one socket is both, so that the client has an address.
    var isSocket: Bool {
        var status = stat()
        return input == output && fstat(input, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }
}
