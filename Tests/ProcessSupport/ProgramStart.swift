import CGNUExtensions
import Foundation

/// The start of a program: the one way that tests have.
///
/// It gets no descriptor but those named, and no signal is ignored or blocked in it, whatever the test's own process
/// ignores.
struct ProgramStart {
    let processID: pid_t

    /// Whose signals from the keyboard it gets.
    enum Leads {
        case group
        /// Of the terminal that it opens first.
        case session
    }

    /// Starts a program that ``DeclaredPrograms`` has.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - environment: variables to set beside those of the test.
    ///   - descriptors: which of the test's descriptors it gets, by the number it knows them by.
    ///   - files: what to do for its standard descriptors before.
    init(
        _ words: [String], environment: [String: String], descriptors: [Int32: Int32] = [:], leads: Leads = .group,
        files: (inout posix_spawn_file_actions_t) -> Void
    ) throws {
        let variables = ["PATH": try DeclaredPrograms.path].merging(environment) { $1 }
        try self.init(
            words, executable: try DeclaredPrograms.location(of: words[0]), environment: variables,
            descriptors: descriptors, leads: leads, files: files)
    }

    /// Starts a program from where it is.
    init(
        _ words: [String], executable: String, environment: [String: String] = [:], descriptors: [Int32: Int32] = [:],
        leads: Leads = .group, files: (inout posix_spawn_file_actions_t) -> Void = { _ in }
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        files(&actions)
        // Copies with high numbers: none of them is in the place of another.
        var copies: [Int32] = []
        defer { for copy in copies { close(copy) } }
        for (number, descriptor) in descriptors {
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 100)
            guard copy > number else { throw HarnessError("descriptor \(descriptor) cannot be given as \(number)") }
            copies.append(copy)
            posix_spawn_file_actions_adddup2(&actions, copy, number)
        }
        // Closing what is not open is no error here.
        let last = max(2, descriptors.keys.max() ?? 2)
        for number in 3..<(last + 1) where descriptors[number] == nil {
            posix_spawn_file_actions_addclose(&actions, number)
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, last + 1)
        var attributes = Self.attributes(leads)
        defer { posix_spawnattr_destroy(&attributes) }
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var arguments = words.map { strdup($0) } + [nil]
        var settings = variables.map { strdup($0) } + [nil]
        defer { for pointer in arguments + settings { free(pointer) } }
        var processID: pid_t = 0
        let error = posix_spawn(&processID, executable, &actions, &attributes, &arguments, &settings)
        guard error == 0 else { throw HarnessError("\(words[0]): \(String(cString: strerror(error)))") }
        self.processID = processID
    }

    /// A group or session of its own, with every signal as it is by default.
    private static func attributes(_ leads: Leads) -> posix_spawnattr_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let setsid: Int32 = 0x80
        let lead = leads == .session ? setsid : Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(Int32(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | lead))
        return attributes
    }
}
