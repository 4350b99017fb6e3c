import CommandLineSupport
import Glibc

/// A file that goes with a message: `report.pdf`, `data;type=text/csv;name=Bücher.csv`.
struct Attachment: Sendable, Hashable {
    /// Where it is.
    let path: String
    /// The name that the receiver sees.
    let name: String
    /// Its media type.
    let mediaType: String

    /// Reads `FILE[;type=TYPE][;name=NAME]`.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` for a type that is none, or a name with a control character.
    static func parse(_ text: String) throws -> Attachment {
        // The name comes last, and may hold semicolons.
        let nameStart = text.firstRange(of: ";name=")
        let name = nameStart.map { String(text[$0.upperBound...]) }
        let rest = text[..<(nameStart?.lowerBound ?? text.endIndex)]
        let typeStart = rest.firstRange(of: ";type=")
        let type = typeStart.map { String(rest[$0.upperBound...]) }
        var path = String(rest[..<(typeStart?.lowerBound ?? rest.endIndex)])
        // `@FILE` is how swaks and the other options here name files; `@@FILE` is a name that begins with `@`.
        if path.hasPrefix("@") { path.removeFirst() }
        let shown = name ?? String(path.split(separator: "/").last ?? "")
        guard !path.isEmpty, !shown.isEmpty, shown.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw ValueError("an attachment is FILE, with optional ;type=TYPE and ;name=NAME after it")
        }
        let mediaType = type ?? MediaType.guess(shown)
        guard MediaType.isValid(mediaType) else { throw ValueError("a media type is wanted, such as text/csv") }
        return Attachment(path: path, name: shown, mediaType: mediaType)
    }
}

/// Kinds of content.
enum MediaType {
    /// Whether a text is `type/subtype` (RFC 2045, section 5.1).
    static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !#"()<>@,;:\"/[]?="#.utf8.contains($0) }
            }
    }

    /// Returns the media type for the suffix of a file's name.
    static func guess(_ name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return unknown }
        return known[name[name.index(after: dot)...].lowercased()] ?? unknown
    }

    private static let unknown = "application/octet-stream"
    private static let known: [String: String] = [
        "csv": "text/csv", "css": "text/css", "gif": "image/gif", "gz": "application/gzip", "htm": "text/html",
        "html": "text/html", "ics": "text/calendar", "jpeg": "image/jpeg", "jpg": "image/jpeg",
        "json": "application/json", "log": "text/plain", "md": "text/markdown", "mp3": "audio/mpeg",
        "mp4": "video/mp4", "pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml",
        "tar": "application/x-tar", "txt": "text/plain", "vcf": "text/vcard", "webp": "image/webp",
        "xml": "application/xml", "zip": "application/zip",
    ]
}
