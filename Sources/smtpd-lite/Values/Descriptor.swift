import Glibc

/// File descriptors that the tool was started with, or writes to.
enum Descriptor {
    /// Whether a descriptor is open in this process.
    static func isOpen(_ descriptor: Int32) -> Bool { fcntl(descriptor, F_GETFD) >= 0 }

    /// Writes everything, waiting where that is necessary.
    ///
    /// - Throws: ``SystemError`` when the other end is gone or the disk is full.
    static func write(_ text: String, to descriptor: Int32) throws {
        var text = text
        try text.withUTF8 { octets in
            var rest = UnsafeRawBufferPointer(octets)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 {
                    switch errno {
                    case EINTR: continue
                    case EAGAIN:
                        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                        _ = poll(&wait, 1, -1)
                    case let number: throw SystemError("write", number)
                    }
                } else {
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                }
            }
        }
    }
}

/// A call to the system that failed.
struct SystemError: Error, Hashable, CustomStringConvertible {
    /// What was being done, such as `open /run/port`.
    let action: String
    /// The system's number for the reason.
    let number: Int32

    init(_ action: String, _ number: Int32) {
        self.action = action
        self.number = number
    }

    var description: String { "\(action): \(String(cString: strerror(number)))" }
}
