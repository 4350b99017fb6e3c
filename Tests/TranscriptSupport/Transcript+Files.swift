import Foundation

extension Transcript {
    /// Every transcript of the project, by name.
    package static let all: [Transcript] = {
        do {
            return try load()
        } catch {
            fatalError("the transcripts cannot be read: \(error)")
        }
    }()

    private static func load() throws -> [Transcript] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../SMTPCoreTests/Transcripts").standardizedFileURL
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { file in
                let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
                return try TranscriptParser.parse(text, name: file.deletingPathExtension().lastPathComponent)
            }
    }
}
