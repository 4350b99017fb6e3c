import Foundation

/// The executables of this package.
package enum BuiltTool {
    /// Returns the path of an executable: one of the three tools in ``tools``, every other in ``folder``.
    package static func path(_ name: String) -> String {
        "\(["smtpd-lite", "smtp-probe", "smtp-codes"].contains(name) ? tools : folder)/\(name)"
    }

    /// The folder of the three tools: the value of `SMTPKIT_TOOLS`, by default ``folder``.
    ///
    /// `make test-release` sets the variable to test the binaries that people install.
    package static let tools = ProcessInfo.processInfo.environment["SMTPKIT_TOOLS"] ?? folder

    /// The folder of the program that runs the tests.
    package static let folder: String = {
        let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: program ?? CommandLine.arguments[0]).deletingLastPathComponent().path
    }()

    /// The project's root.
    package static let project = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL.path
}
