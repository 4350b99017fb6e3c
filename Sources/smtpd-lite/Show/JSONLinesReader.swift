import CommandLineSupport
import SMTPKit

/// Takes a file of JSON Lines, as `--json` writes it, apart into messages.
struct JSONLinesReader: SavedReader {
    /// The most bytes of a line that are kept: a message as large as ``SavedMessage/mostOctets``, in base64.
    private static let longestLine = SavedMessage.mostOctets / 3 * 4 + (512 << 10)

    private let name: String
    /// The folder from which the paths in objects are looked for when they are not found from here.
    private let folder: String
    private var line: [UInt8] = []
    private var number = 0

    init(name: String, folder: String) {
        self.name = name
        self.folder = folder
    }

    mutating func read(_ piece: UnsafeRawBufferPointer, _ take: (SavedMessage) throws -> Void) throws {
        var rest = piece[...]
        while let feed = rest.firstIndex(of: 10) {
            append(rest[..<feed])
            try give(take)
            rest = rest[(feed + 1)...]
        }
        append(rest)
    }

    mutating func flush(_ take: (SavedMessage) throws -> Void) {}

    mutating func finish(_ take: (SavedMessage) throws -> Void) throws {
        if !line.isEmpty { try give(take) }
    }

    private mutating func append(_ piece: Slice<UnsafeRawBufferPointer>) {
        line.append(contentsOf: piece.prefix(max(0, Self.longestLine - line.count)))
    }

    private mutating func give(_ take: (SavedMessage) throws -> Void) throws {
        number += 1
        let isCut = line.count == Self.longestLine
        let text = line
        line = []
        guard !text.allSatisfy({ $0 <= 32 }) else { return }
        guard let object = JSONValue(text, isCut: isCut), case .object = object else {
            throw ShowError.content("\(name):\(number): this line is no JSON object")
        }
        try take(message(object))
    }

    private func message(_ object: JSONValue) throws -> SavedMessage {
        var heading = PrettyHeading(object["id"]?.text ?? "\(name) \(number)", date: nil)
        if let time = object["received_at"]?.text {
            heading.title += "  \(time.prefix(19).replacing("T", with: " ")) UTC"
        }
        if let envelope = object["envelope"] {
            heading.addEnvelope(
                from: envelope["from"]?.text ?? "",
                to: envelope["to"]?.elements.compactMap { $0["address"]?.text } ?? [])
        }
        if let peer = object["peer"] {
            let address = peer["address"]?.text.map { " [\($0)]" } ?? ""
            heading.addFacts([
                (peer["helo"]?.text ?? "unknown") + address, object["protocol"]?.text, object["tls"]?["version"]?.text,
                object["auth"]?["user"]?.text.map { "user \($0)" },
            ])
        }
        var message = SavedMessage(heading: heading)
        if let octets = object["raw_base64"]?.octets {
            TransferEncoding.base64.decode(octets[...]).withUnsafeBytes { message.content.append($0) }
            message.content.setCount(atLeast: object["size"]?.number ?? 0)
        } else if let path = object["path"]?.text {
            if try !read(path, into: &message) {
                message.heading.lines.append("[the content is not in \(path) any more]")
                message.content.setCount(atLeast: object["size"]?.number ?? 0)
            }
        }
        return message
    }

    /// - Returns: whether there is such a file.
    private func read(_ path: String, into message: inout SavedMessage) throws -> Bool {
        let paths = path.hasPrefix("/") ? [path] : [path, "\(folder)/\(path)"]
        guard let file = paths.lazy.compactMap({ try? OpenFile($0) }).first else { return false }
        while try file.read({ message.content.append($0) }) {}
        return true
    }
}
