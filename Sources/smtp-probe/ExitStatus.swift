import Glibc

/// With what status the process ends: swaks' numbers, with the holes filled.
enum ExitStatus: Int32, Error, Hashable, Sendable, CaseIterable {
    /// All is done, and all recipients were accepted.
    case done = 0
    /// The command line is wrong, or input is missing.
    case usage = 1
    /// The name could not be looked up, or nothing could be connected to.
    case connect = 2
    /// The server closed the connection where that was not its turn.
    case closed = 6
    /// The greeting refused.
    case banner = 21
    /// HELO, EHLO or LHLO was refused.
    case hello = 22
    /// MAIL was refused.
    case mail = 23
    /// Every RCPT was refused.
    case recipients = 24
    /// DATA or BDAT was refused.
    case data = 25
    /// The message was refused after its content.
    case content = 26
    /// QUIT was refused.
    case quit = 27
    /// AUTH was refused, or could not be used.
    case authentication = 28
    /// TLS could not be had, or not the way it was asked for.
    case tls = 29
    /// EHLO inside TLS was refused.
    case helloAfterTLS = 32
    /// XCLIENT was refused.
    case xclient = 33
    /// The PROXY header was refused.
    case proxy = 36
    /// Some recipients were refused, and some were not.
    case someRecipients = 40
    /// An `:expect` or a check failed.
    case expectation = 41
    /// The server broke the protocol, or the dialogue is out of step.
    case protocolViolation = 42
    /// The server did not answer in time.
    case timeout = 43
    /// A temporary failure, where `--exit-temp` asks for this number.
    case temporary = 75
    /// SIGHUP ended it.
    case hungUp = 129
    /// SIGINT ended it.
    case interrupted = 130
    /// SIGTERM ended it.
    case terminated = 143

    /// The number that the shell sees.
    var code: Int32 { rawValue }

    /// The status of a process that a signal ended, one of those that are caught.
    init(signal: Int32) { self = ExitStatus(rawValue: 128 + signal) ?? .interrupted }
}
