import SMTPKit

/// A private extension: the client names a folder of the recipient.
///
///     S: 250-XFOLDER
///     C: RCPT TO:<ann@example.net> XFOLDER=archive
///
/// The message goes to `ann.archive.mbox`.
enum FolderExtension {
    private static let keyword = "XFOLDER"
    private static let longestName = 32

    /// The extension. A name has 1 to 32 lower-case letters.
    static let definition = ExtensionDefinition(
        keyword,
        parameters: [
            .init(keyword, of: .rcpt, maximumLength: keyword.utf8.count + longestName + 2) { name in
                guard let name else { return false }
                return 1...longestName ~= name.utf8.count && name.utf8.allSatisfy { 0x61...0x7A ~= $0 }
            }
        ])

    /// The folder that the client named for a recipient.
    static func folder(of recipient: Envelope.Recipient) -> String? {
        recipient.parameters.first { $0.keyword == keyword }?.value
    }
}
