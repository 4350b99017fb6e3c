import ArgumentParser
import CommandLineSupport
import SMTPKit

extension AuthenticationOptions {
    /// The longest password or token, in octets; tokens of large providers take some thousands.
    private static let longestSecret = 64 << 10

    /// The password or token that the options name, without the line end; `nil` when they name none.
    ///
    /// Warns on standard error when it came from the command line.
    ///
    /// - Throws: ``SystemError`` when it cannot be read, ``ValueError`` when it is empty or too long.
    func readSecret() throws -> Secret? {
        if let password {
            try? Descriptor.write(
                "smtp-probe: warning: --auth-password shows in the process list; --auth-password-file does not\n",
                to: 2)
            return password
        }
        if let passwordDescriptor {
            return try Self.firstLine(of: LineReader(descriptor: passwordDescriptor, name: "--auth-password-fd"))
        }
        return try passwordFile.map { try Self.firstLine(of: LineReader(path: $0)) }
    }

    private static func firstLine(of reader: LineReader) throws -> Secret {
        let line = try reader.next() ?? []
        guard 1...longestSecret ~= line.count else {
            throw ValueError("\(reader.name): a password of 1 to \(longestSecret) octets is wanted in its first line")
        }
        return Secret(line)
    }
}
