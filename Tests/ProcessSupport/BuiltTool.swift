import Foundation

/// The executables of this package.
package enum BuiltTool {
    /// Where one is: beside the program that runs the tests.
    package static func path(_ name: String) -> String { "\(folder)/\(name)" }

    package static let folder: String = {
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: program ?? CommandLine.arguments[0]).deletingLastPathComponent().path
    }()

    /// The project's root.
    package static let project = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL.path
}
