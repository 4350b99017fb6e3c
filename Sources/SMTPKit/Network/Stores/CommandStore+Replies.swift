public import SMTPCore

extension CommandStore {
    /// Returns the reply to the client when the command for a message ends with a status of `sysexits.h`.
    ///
    /// | status | reply |
    /// |---|---|
    /// | 65 (data error) | `554 5.6.0` |
    /// | 67 (no such user) | `550 5.1.1` |
    /// | 68 (no such host) | `550 5.1.2` |
    /// | 73 (cannot create) | `554 5.2.0` |
    /// | 75 (passing failure) | `451 4.3.0` |
    /// | 76 (protocol error) | `554 5.5.0` |
    /// | 77 (no permission) | `550 5.7.0` |
    /// | 78 (configuration) | `554 5.3.5` |
    /// | 64, 66, 69 to 72, 74 | `554 5.3.0` |
    ///
    /// - Returns: `nil` for 0 and for every status without such a meaning; a store then says `451 4.3.0`.
    /// - SeeAlso: RFC 3463.
    public static func reply(toExitStatus status: Int32) -> Reply? {
        guard let sysexit = UInt8(exactly: status).flatMap({ Sysexit(rawValue: $0) }) else { return nil }
        let text = "The command refused the message: \(sysexit.meaning)"
        switch sysexit {
        case .ok: return nil
        case .dataError: return Reply(554, .permanent(.otherOrUndefinedMediaError), text)
        case .noUser: return Reply(550, .permanent(.badDestinationMailboxAddress), text)
        case .noHost: return Reply(550, .permanent(.badDestinationSystemAddress), text)
        case .cannotCreate: return Reply(554, .permanent(.otherOrUndefinedMailboxStatus), text)
        case .temporaryFailure:
            return Reply(451, .transient(.otherOrUndefinedMailSystemStatus), "The command asks to try again later")
        case .protocolError: return Reply(554, .permanent(.otherOrUndefinedProtocolStatus), text)
        case .noPermission: return Reply(550, .permanent(.otherOrUndefinedSecurityStatus), text)
        case .configuration: return Reply(554, .permanent(.systemIncorrectlyConfigured), text)
        case .usage, .noInput, .unavailable, .software, .osError, .osFile, .ioError:
            return Reply(554, .permanent(.otherOrUndefinedMailSystemStatus), text)
        }
    }
}
