package import Foundation

/// The system's figures about a process.
package struct ProcessFigures {
    private let processID: pid_t

    package init(_ processID: pid_t) { self.processID = processID }

    /// The most resident memory that it had, in KiB.
    package var peakMemory: Int { get throws { try memory("VmHWM") } }

    /// The resident memory that it has, in KiB.
    package var memory: Int { get throws { try memory("VmRSS") } }

    /// How many descriptors it has open.
    package var descriptors: Int {
        get throws { try FileManager.default.contentsOfDirectory(atPath: "/proc/\(processID)/fd").count }
    }

    private func memory(_ key: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(processID)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(key):") } ?? ""
        guard let number = line.split(separator: " ").dropLast().last.flatMap({ Int($0.filter(\.isNumber)) }) else {
            throw HarnessError("no \(key) in \(status)")
        }
        return number
    }
}
