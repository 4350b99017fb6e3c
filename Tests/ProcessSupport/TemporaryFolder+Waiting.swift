import Foundation

extension TemporaryFolder {
    /// Waits until there is a file of a name, however it comes to be.
    package func wait(for name: String) throws {
        // Watched before it is looked for, so that nothing is missed.
        let watch = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        defer { close(watch) }
        guard watch >= 0, inotify_add_watch(watch, path, UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)) >= 0 else {
            throw HarnessError("cannot watch \(path): \(String(cString: strerror(errno)))")
        }
        let deadline = ContinuousClock.now + .seconds(Patience.seconds)
        while access(file(name), F_OK) != 0 {
            var question = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
            let rest = (deadline - ContinuousClock.now).components.seconds
            guard rest > 0, poll(&question, 1, Int32(rest) * 1000) == 1 else {
                throw HarnessError("there is no \(name) in \(path)")
            }
            var events = [UInt8](repeating: 0, count: 4096)
            _ = Foundation.read(watch, &events, events.count)
        }
    }
}
