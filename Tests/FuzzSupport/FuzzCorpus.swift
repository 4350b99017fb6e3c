import Foundation

/// The committed inputs of a fuzz target: a minimised corpus, and every input that once broke a property.
///
/// Both are text files with one input on each line. `\r`, `\n`, `\\` and `\xNN` are the only escapes. In the file of
/// failures, lines that begin with `#` say what was wrong.
package enum FuzzCorpus {
    /// An input and where it is written.
    package struct Entry: Sendable {
        /// The file and the line.
        package let place: String
        /// The input.
        package let input: [UInt8]
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

    /// Reads the inputs of a target.
    ///
    /// - Throws: when there is no corpus, or a line has an escape that does not exist.
    package static func entries(of target: FuzzTarget) throws -> [Entry] {
        let failures = "\(target.name)-failures.txt"
        let isThere = FileManager.default.fileExists(atPath: folder.appending(path: failures).path)
        return try read("\(target.name).txt") + (isThere ? read(failures) : [])
    }

    /// Feeds a target with its inputs.
    ///
    /// - Returns: how many there are, and the failures with their places.
    package static func replay(_ target: FuzzTarget) throws -> (count: Int, failures: [String]) {
        let entries = try entries(of: target)
        let failures = entries.compactMap { entry -> String? in
            do {
                try target.check(entry.input)
                return nil
            } catch {
                return "\(entry.place): \(error)"
            }
        }
        return (entries.count, failures)
    }

    private static func read(_ name: String) throws -> [Entry] {
        let lines = try Data(contentsOf: folder.appending(path: name)).split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return try lines.enumerated().compactMap { index, line in
            let place = "\(name):\(index + 1)"
            guard let first = line.first, first != UInt8(ascii: "#") else { return nil }
            guard let input = unescaped(line) else { throw FuzzFailure("\(place): the escape is unknown") }
            return Entry(place: place, input: input)
        }
    }

    private static func unescaped(_ line: Data) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = line[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "x"):
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
                rest = rest.dropFirst(2)
                bytes.append(value)
            case _: return nil
            }
        }
        return bytes
    }
}
