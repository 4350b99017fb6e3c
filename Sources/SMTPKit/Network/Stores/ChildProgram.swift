import CSpawn
package import Glibc

/// Starts programs, with arguments and environment as bytes.
package enum ChildProgram {
    /// The settings for starting a program, beside its arguments.
    package struct Settings {
        /// Its environment: `NAME=value`, without the final NUL.
        package var environment: [[UInt8]] = []
        /// Its standard input, or `nil` for that of this process.
        package var input: Int32?
        /// Its descriptor 3, or `nil` for none.
        package var extra: Int32?
        /// Whether all other descriptors but standard output and standard error are closed.
        package var closesOthers = false
        /// Whether it leads a process group of its own.
        package var leadsGroup = false

        /// Makes settings.
        package init() {}
    }

    /// Starts a program.
    ///
    /// It inherits nothing that this process set up for itself: the limit on open files is that from before
    /// ``raiseOpenFiles()``, no signal is blocked, and none ignored but a `SIGHUP` that was ignored from the start, as
    /// nohup(1) does it.
    ///
    /// - Parameter words: the program, looked for on `PATH` unless it contains a slash, and its arguments.
    /// - Returns: the process, or the error number.
    package static func start(_ words: [[UInt8]], _ settings: Settings) -> (process: pid_t, errorNumber: Int32) {
        var process: pid_t = 0
        var raw = smtpkit_spawn_settings()
        raw.input = settings.input ?? -1
        raw.extra = settings.extra ?? -1
        raw.closes_others = settings.closesOthers ? 1 : 0
        raw.leads_group = settings.leadsGroup ? 1 : 0
        raw.open_files = original.openFiles ?? -1
        raw.ignored_signal = original.ignoresHangup ? SIGHUP : 0
        let errorNumber = withCStrings(words) { arguments in
            withCStrings(settings.environment) { environment in
                smtpkit_spawn(&process, arguments[0], arguments, environment, &raw)
            }
        }
        return (process, errorNumber)
    }

    /// The environment of this process without the variables of these names.
    package static func inheritedEnvironment(without names: [String]) -> [[UInt8]] {
        var variables: [[UInt8]] = []
        var position = environ
        while let variable = position.pointee {
            let octets = UnsafeRawBufferPointer(start: variable, count: strlen(variable))
            let isOurs = names.contains { octets.starts(with: "\($0)=".utf8) }
            if !isOurs { variables.append(Array(octets)) }
            position += 1
        }
        return variables
    }

    /// Lets this process, and none that it starts, open as many files as the system grants it.
    package static func raiseOpenFiles() {
        var limit = rlimit()
        guard original.openFiles != nil, getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// How this process was started.
    private static let original: (openFiles: Int64?, ignoresHangup: Bool) = {
        var limit = rlimit()
        let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        var action = sigaction()
        let isIgnored =
            sigaction(SIGHUP, nil, &action) == 0
            && unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        return (isKnown ? Int64(clamping: limit.rlim_cur) : nil, isIgnored)
    }()

    /// Whether this process was started to go on when its terminal is closed.
    package static var ignoresHangup: Bool { original.ignoresHangup }

    private static func withCStrings<Result>(
        _ strings: [[UInt8]], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { string in
            (string + [0]).withUnsafeBytes { $0.bindMemory(to: CChar.self).baseAddress.map { strdup($0) } ?? nil }
        }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
