import Foundation
import ProcessSupport
import TranscriptSupport

/// The built `smtpd-lite` in a campaign.
final class CampaignServer: Sendable {
    let process: ChildProcess
    let port: Int

    /// Starts the server and returns when it is ready.
    ///
    /// - Parameters:
    ///   - options: the options for its outputs and others.
    ///   - wrapper: the words that run it, such as those of a shell that sets limits.
    ///   - output: the descriptor that is its standard output; by default a file.
    init(_ options: [String], wrapper: [String] = [], output: Int32? = nil) throws {
        let folder = try TemporaryFolder()
        let ready = Pipe()
        let words = [
            BuiltTool.path("smtpd-lite"), "--listen", "127.0.0.1:0", "--port-file", folder.file("port"),
            "--ready-fd", "9", "--quiet",
        ]
        var descriptors: [Int32: Int32] = [9: ready.fileHandleForWriting.fileDescriptor]
        if let output { descriptors[1] = output }
        process = try ChildProcess(wrapper + words + options, descriptors: descriptors)
        try ready.fileHandleForWriting.close()
        var octet: UInt8 = 0
        let count = read(ready.fileHandleForReading.fileDescriptor, &octet, 1)
        try ready.fileHandleForReading.close()
        guard count == 1 else {
            throw HarnessError("smtpd-lite ended with \(process.wait()) before it was ready: \(process.standardError)")
        }
        let text = String(decoding: folder.read("port"), as: UTF8.self)
        port = Int(text.trimmingCharacters(in: .newlines)) ?? 0
    }

    /// The root folder as the server sees it, for one in a mount namespace.
    var root: String { "/proc/\(process.processID)/root" }

    /// Ends it at once.
    func kill() {
        process.signal(SIGKILL)
        process.wait()
    }

    /// Asks it to stop, and waits for that.
    ///
    /// - Returns: the faults of its end.
    func stop() -> [String] {
        process.signal(SIGTERM)
        let status = process.wait()
        return status == 0 ? [] : ["the server ended with status \(status): \(process.standardError.suffix(300))"]
    }
}
