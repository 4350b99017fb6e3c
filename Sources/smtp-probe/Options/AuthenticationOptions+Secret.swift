import ArgumentParser
import CommandLineSupport
import SMTPKit

extension AuthenticationOptions {
    /// The longest password or token, in bytes; tokens of large providers take some thousands.
    private static let longestSecret = 64 << 10

    /// The password or token that the options name, without the line end; `nil` when they name none.
    ///
    /// - Throws: ``SystemError`` when it cannot be read, ``ValueError`` when it is empty or too long.
    func readSecret() throws -> Secret? {
        if let password { return password }
        if let passwordDescriptor {
            return try Self.firstLine(of: LineReader(descriptor: passwordDescriptor, name: "--auth-password-fd"))
        }
        return try passwordFile.map { try Self.firstLine(of: LineReader(path: $0)) }
    }

    /// Whether there is a user whose password no option names.
    var needsPassword: Bool {
        password == nil && passwordFile == nil && passwordDescriptor == nil && mechanism != .external
    }

    /// Warns on standard error when a password came from the command line.
    func warn(_ output: OutputOptions) {
        guard password != nil, !output.quiet else { return }
        try? Descriptor.write(
            "smtp-probe: warning: --auth-password shows in the process list; --auth-password-file does not\n", to: 2)
    }

    private static func firstLine(of reader: LineReader) throws -> Secret {
        let line = try reader.next() ?? []
        guard 1...longestSecret ~= line.count else {
            throw ValueError("\(reader.name): a password of 1 to \(longestSecret) octets is wanted in its first line")
        }
        return Secret(line)
    }
}
