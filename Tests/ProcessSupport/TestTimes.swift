import Foundation

/// The durations of tests, from which `make test` finds the slowest suites: a line for each test, in the file that
/// `TEST_TIMES` names.
final class TestTimes: Sendable {
    static let shared = ProcessInfo.processInfo.environment["TEST_TIMES"].flatMap(TestTimes.init)

    private let descriptor: Int32

    private init?(path: String) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
    }

    /// Adds the duration of a test.
    ///
    /// - Parameter file: the test's file with its module, as the name of the suite.
    func add(_ duration: Duration, of file: String) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let line = Array("\(seconds)\t\(file)\n".utf8)
        // One call, so that no line is in the middle of another.
        _ = write(descriptor, line, line.count)
    }
}
