import SMTPCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Standard input or an open file.
struct InputFile {
    private let descriptor: Int32
    /// The name for messages; `nil` for standard input.
    let name: String?

    static let standardInput = InputFile(descriptor: STDIN_FILENO, name: nil)

    private init(descriptor: Int32, name: String?) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Opens a file; `nil`, with the system's error, if that is not possible.
    init?(path: String) {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        descriptor = opened
        name = path
    }

    /// The input that an argument names: `-`, or a file that exists. A code is never taken for a file.
    static func named(_ argument: String) -> InputFile? {
        if argument == "-" { return standardInput }
        return isFile(argument) ? InputFile(path: argument) : nil
    }

    /// Whether an argument is the name of a file that can be read.
    static func isFile(_ argument: String) -> Bool {
        argument.utf8.count < 4096 && !argument.utf8.contains(0x0A) && (try? CodeQuery(exactly: argument)) == nil
            && access(argument, R_OK) == 0
    }

    func close() {
        if name != nil { _ = systemClose(descriptor) }
    }

    /// Reads some bytes, waiting until there are some; 0 at the end. A failure ends the program with a message.
    func read(_ space: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = systemRead(descriptor, space.baseAddress, space.count)
            if count >= 0 { return count }
            if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&waiting, 1, -1)
            } else if errno != EINTR {
                // A directory (EISDIR) or a closed descriptor (EBADF): say so and stop.
                let advice = errno == EISDIR ? " (give a file or a pipe)" : ""
                let what = name.map(CodeText.shown) ?? "standard input"
                Output.complain("\(what): cannot read: \(String(cString: strerror(errno)))\(advice)")
                ExitStatus.unusable.end()
            }
        }
    }
}

private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
private func systemRead(_ descriptor: Int32, _ space: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, space, count)
}
