/// The exit status by which programs of the mail system tell each other what happened.
///
/// Programs that deliver mail end with one of these numbers, and the mail server turns them into a
/// bounce or a retry; they are named in the C header `sysexits.h`.
public enum Sysexit: UInt8, Hashable, Sendable, CaseIterable {
    /// 0: success.
    case ok = 0
    /// 64: the command line was wrong.
    case usage = 64
    /// 65: the data were wrong.
    case dataError = 65
    /// 66: an input could not be had.
    case noInput = 66
    /// 67: the user, or mailbox, is unknown.
    case noUser = 67
    /// 68: the host, or domain, is unknown.
    case noHost = 68
    /// 69: a service is unavailable.
    case unavailable = 69
    /// 70: an internal fault of the program.
    case software = 70
    /// 71: an operating system error.
    case osError = 71
    /// 72: a system file is missing or unreadable.
    case osFile = 72
    /// 73: an output, or a mailbox, cannot be written.
    case cannotCreate = 73
    /// 74: an error while reading or writing.
    case ioError = 74
    /// 75: a passing failure: try again.
    case temporaryFailure = 75
    /// 76: the other side broke the protocol.
    case protocolError = 76
    /// 77: permission denied.
    case noPermission = 77
    /// 78: something is configured wrongly.
    case configuration = 78

    /// Finds an exit status by its name in `sysexits.h`, `EX_NOUSER`; letter case does not matter.
    public init?(name: some StringProtocol) {
        let wanted = name.uppercased()
        guard let found = Self.allCases.first(where: { $0.name == wanted }) else { return nil }
        self = found
    }

    /// The name in `sysexits.h`, such as `EX_NOUSER`.
    public var name: String { facts.name }

    /// The meaning of the status, in a few words.
    public var meaning: String { facts.meaning }

    /// The result for a message whose delivery ended with this status.
    public var severity: ReplyCode.Severity {
        switch self {
        case .ok: .success
        case .temporaryFailure: .transient
        case .usage, .dataError, .noInput, .noUser, .noHost, .unavailable, .software, .osError, .osFile, .cannotCreate,
            .ioError, .protocolError, .noPermission, .configuration:
            .permanent
        }
    }

    private var facts: (name: String, meaning: String) {
        switch self {
        case .ok: ("EX_OK", "Success")
        case .usage: ("EX_USAGE", "The command line was wrong")
        case .dataError: ("EX_DATAERR", "The data were wrong")
        case .noInput: ("EX_NOINPUT", "An input could not be had")
        case .noUser: ("EX_NOUSER", "The user or mailbox is unknown")
        case .noHost: ("EX_NOHOST", "The host or domain is unknown")
        case .unavailable: ("EX_UNAVAILABLE", "A service is unavailable")
        case .software: ("EX_SOFTWARE", "An internal fault of the program")
        case .osError: ("EX_OSERR", "An operating system error")
        case .osFile: ("EX_OSFILE", "A system file is missing or unreadable")
        case .cannotCreate: ("EX_CANTCREAT", "An output or a mailbox cannot be written")
        case .ioError: ("EX_IOERR", "An error while reading or writing")
        case .temporaryFailure: ("EX_TEMPFAIL", "A passing failure: try again")
        case .protocolError: ("EX_PROTOCOL", "The other side broke the protocol")
        case .noPermission: ("EX_NOPERM", "Permission denied")
        case .configuration: ("EX_CONFIG", "Something is configured wrongly")
        }
    }
}
