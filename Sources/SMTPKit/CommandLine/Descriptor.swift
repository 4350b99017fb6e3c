import Glibc

/// File descriptors that the tool was started with, or writes to.
package enum Descriptor {
    /// Whether a descriptor is open in this process.
    package static func isOpen(_ descriptor: Int32) -> Bool { fcntl(descriptor, F_GETFD) >= 0 }

    /// Whether a descriptor is a socket that connections can come to.
    package static func isListening(_ descriptor: Int32) -> Bool {
        var (listens, kind): (Int32, Int32) = (0, 0)
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &kind, &size) == 0, kind == Int32(SOCK_STREAM.rawValue) else {
            return false
        }
        return getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens != 0
    }

    /// The descriptors that the process was started with. Read this before anything else is opened.
    package static let inherited = allOpen

    /// Keeps everything that was opened since from programs that are started.
    package static func keepFromPrograms() {
        for descriptor in allOpen.subtracting(inherited) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    }

    /// How many descriptors are open.
    package static var openCount: Int { allOpen.count }

    private static var allOpen: Set<Int32> {
        guard let folder = opendir("/proc/self/fd") else { return [] }
        defer { closedir(folder) }
        var descriptors: Set<Int32> = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = Int32(name), number != dirfd(folder) { descriptors.insert(number) }
        }
        return descriptors
    }

    /// Writes everything, waiting where that is necessary.
    ///
    /// - Throws: ``SystemError`` when the other end is gone or the disk is full.
    package static func write(_ text: String, to descriptor: Int32) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// Writes all bytes, waiting where that is necessary.
    ///
    /// - Throws: ``SystemError`` when the other end is gone or the disk is full.
    package static func write(_ octets: UnsafeRawBufferPointer, to descriptor: Int32) throws {
        var rest = octets
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

/// A call to the system that failed.
package struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The action that failed, such as `open` or `start a thread`.
    package let action: String
    /// The file that it was to be done with; `nil` when there is none.
    package let path: String?
    /// The system's number for the reason.
    package let number: Int32

    package init(_ action: String, path: String? = nil, _ number: Int32) {
        self.action = action
        self.path = path
        self.number = number
    }

    /// One line, of the same form as that of a store: `/run/port: cannot open: Permission denied`.
    package var description: String { "\(path.map { "\($0): " } ?? "")cannot \(action): \(reason)" }

    /// The system's text for the reason.
    package var reason: String { String(cString: strerror(number)) }
}
