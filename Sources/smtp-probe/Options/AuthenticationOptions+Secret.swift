import ArgumentParser
import CommandLineSupport
import Glibc
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
        if let passwordDescriptor { return try Self.firstLine(of: passwordDescriptor, "--auth-password-fd") }
        guard let passwordFile else { return nil }
        let file = open(passwordFile, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw SystemError("open \(passwordFile)", errno) }
        defer { close(file) }
        return try Self.firstLine(of: file, passwordFile)
    }

    private static func firstLine(of descriptor: Int32, _ name: String) throws -> Secret {
        var octets: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while !octets.contains(10), octets.count <= longestSecret {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError("read \(name)", errno) }
            guard count > 0 else { break }
            octets += piece.prefix(count)
        }
        var line = octets.prefix { $0 != 10 }
        if line.last == 13 { line.removeLast() }
        guard !line.isEmpty, line.count <= longestSecret else {
            throw ValueError("\(name): a password of 1 to \(longestSecret) octets is wanted in its first line")
        }
        return Secret(line)
    }
}
