import Glibc

/// Why a store could not keep a message.
///
/// The server answers `452 4.3.1` when the store is full and `451 4.3.0` otherwise; either way the client
/// keeps the message and tries again.
///
///     C: .
///     S: 452 4.3.1 Insufficient system storage
///
/// - SeeAlso: RFC 5321, section 4.2.4.2; RFC 3463, section 3.4.
public struct StoreError: Error, Hashable, Sendable {
    /// The kinds of failure.
    public struct Code: Hashable, Sendable {
        private enum Kind { case full, locked, closed, unavailable }
        private let kind: Kind

        /// No room: the disk, a quota or a limit on the size of files.
        public static let full = Code(kind: .full)
        /// Others held the lock for longer than the store waits.
        public static let locked = Code(kind: .locked)
        /// The store has been closed.
        public static let closed = Code(kind: .closed)
        /// Anything else: permissions, a missing directory, an error of the disk, a reader that has gone.
        public static let unavailable = Code(kind: .unavailable)
    }

    /// The kind of failure.
    public let code: Code
    /// The file, or a name in its place: `standard output`.
    public let path: String
    /// The action that failed and the reason, in words, in one line.
    public let reason: String

    /// Makes an error.
    public init(_ code: Code, path: String, reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    /// Whether there was no room.
    public var isFull: Bool { code == .full }

    /// Makes an error from what the system said.
    ///
    /// - Parameters:
    ///   - attempt: what was tried, as in "cannot *write*".
    ///   - path: the file.
    ///   - errorNumber: the system's number of the error.
    package init(cannot attempt: String, path: String, errorNumber: Int32) {
        let isFull = errorNumber == ENOSPC || errorNumber == EDQUOT || errorNumber == EFBIG
        self.init(
            isFull ? .full : .unavailable,
            path: path,
            reason: "cannot \(attempt): \(Self.text(of: errorNumber))"
        )
    }

    private static func text(of errorNumber: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, strerror_r(errorNumber, start, buffer.count) == 0 else {
                return "error \(errorNumber)"
            }
            return String(cString: start)
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// One line, as for a log: `/var/mail/ann: cannot write: No space left on device`.
    public var description: String { "\(path): \(reason)" }
}
