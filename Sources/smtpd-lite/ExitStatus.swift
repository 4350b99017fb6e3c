import ArgumentParser

/// With what status the process ends.
///
/// | status | when |
/// |---|---|
/// | 0 | stopped as asked, or by SIGINT or SIGTERM when no condition was set |
/// | 1 | an address, a file or a descriptor could not be used |
/// | 64 | the command line is wrong |
/// | 124 | a deadline passed before the condition held, or the command ended before `--count` messages came |
/// | 125 | the command could not be started |
/// | 128 + n | signal n came before the condition held, or ended the command |
/// | other | the command's own |
enum ExitStatus: Hashable, Sendable {
    case done
    case failure
    case usage
    case deadline
    case commandNotStarted
    case signal(Int32)
    case command(Int32)

    /// The number that the shell sees.
    var code: Int32 {
        switch self {
        case .done: 0
        case .failure: 1
        case .usage: 64
        case .deadline: 124
        case .commandNotStarted: 125
        case .signal(let number): 128 + number
        case .command(let status): status
        }
    }

    /// Returns the status for an error of the parser: help and completion scripts are successes.
    static func of<Command: ParsableArguments>(_ error: any Error, in type: Command.Type) -> ExitStatus {
        type.exitCode(for: error).isSuccess ? .done : .usage
    }
}
