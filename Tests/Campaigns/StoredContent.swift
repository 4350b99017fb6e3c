import Foundation
import ProcessSupport

/// The contents that are in an output, and everything there that is no message.
struct StoredContent {
    /// Messages with LF line ends, or, in a folder and in JSON, with those that were sent.
    var messages: [[UInt8]] = []
    /// Whether the line ends are those that were sent.
    var isAsSent = false
    /// The names of unfinished files and others that should not be there.
    var strays: [String] = []

    /// Reads an output.
    ///
    /// - Parameters:
    ///   - path: the output's path.
    ///   - root: the folder under which that path is, other than `/` for a server in a mount namespace.
    init(_ output: OutputSet.Output, at path: String, root: String = "") {
        let place = root + path
        switch output {
        case .mbox: messages = Self.mbox(Self.octets(place))
        case .json:
            isAsSent = true
            readLines(Self.octets(place), root: root)
        case .maildir:
            messages = Self.names(in: "\(place)/new").map { Self.octets("\(place)/new/\($0)") }
            strays = Self.names(in: "\(place)/tmp")
        case .dir, .exec:
            isAsSent = output == .dir
            let names = Self.names(in: place)
            messages = names.filter { !$0.hasPrefix(".") }.map { Self.octets("\(place)/\($0)") }
            if output == .dir { strays = names.filter { $0.hasPrefix(".") } }
        }
    }

    /// Reads an mbox.
    init(mbox octets: [UInt8]) { messages = Self.mbox(octets) }

    private mutating func readLines(_ octets: [UInt8], root: String) {
        var lines = octets.split(separator: 10, omittingEmptySubsequences: false)
        if let last = lines.popLast(), !last.isEmpty { strays.append("half a line of \(last.count) bytes") }
        for line in lines {
            guard let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] else {
                strays.append("a line that is no JSON: \(String(decoding: line.prefix(60), as: UTF8.self))")
                continue
            }
            if let path = object["path"] as? String {
                let content = Self.octets(root + path)
                if content.isEmpty { strays.append("no file \(path)") }
                // A Maildir has LF line ends; these files have their own check.
                messages.append(content.contains(13) ? content : Self.withCRLF(content))
            } else {
                messages.append(Array(Data(base64Encoded: object["raw_base64"] as? String ?? "") ?? Data()))
            }
        }
    }

    private static func withCRLF(_ octets: [UInt8]) -> [UInt8] {
        octets.flatMap { $0 == 10 ? [13, 10] : [$0] }
    }

    private static func octets(_ path: String) -> [UInt8] {
        Array(FileManager.default.contents(atPath: path) ?? Data())
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// Returns the messages of an mbox in the format `mboxrd`. What has no `From ` line or no empty line after it is a
    /// message that no client sent.
    private static func mbox(_ octets: [UInt8]) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        var lines = octets.split(separator: 10, omittingEmptySubsequences: false)
        if let last = lines.popLast(), !last.isEmpty { return [Array("half a line".utf8)] }
        var current: [UInt8] = []
        var isOpen = false
        func finish() {
            guard isOpen || !current.isEmpty else { return }
            if !isOpen { current = Array("no From line".utf8) }
            if isOpen, current.suffix(2) == [10, 10] {
                current.removeLast()
            } else {
                current += Array("no empty line".utf8)
            }
            messages.append(current)
            current.removeAll()
        }
        for line in lines {
            if line.starts(with: "From ".utf8) {
                finish()
                isOpen = true
                continue
            }
            let quotes = line.prefix { $0 == UInt8(ascii: ">") }.count
            let isQuoted = quotes > 0 && line.dropFirst(quotes).starts(with: "From ".utf8)
            current.append(contentsOf: isQuoted ? line.dropFirst() : line)
            current.append(10)
        }
        finish()
        return messages
    }
}
