import Foundation

/// The programs that tests may run by name: those of the packages that `Scripts/setup` declares, and what these bring
/// along.
///
/// They are links in one folder, which is the `PATH` of every program that a test starts; so a script finds no others
/// either.
enum DeclaredPrograms {
    /// The folder of the links and that of the Python packages.
    static var path: String {
        get throws { "\(try links.get()):\(BuiltTool.project)/.build-venv/bin" }
    }

    /// Where a program is.
    ///
    /// - Parameter name: its name, or the path of something that the project or the test itself has made.
    static func location(of name: String) throws -> String {
        if name.contains("/") {
            let made = [BuiltTool.folder, BuiltTool.tools, BuiltTool.project, NSTemporaryDirectory()]
            guard made.contains(where: name.hasPrefix) else {
                throw HarnessError(
                    "\(name): tests name programs without a path, so that Scripts/setup must declare them")
            }
            return name
        }
        for folder in try path.split(separator: ":") where access("\(folder)/\(name)", X_OK) == 0 {
            return "\(folder)/\(name)"
        }
        throw HarnessError("\(name): declare it in Scripts/setup, and run Scripts/setup test")
    }

    /// Taken away when the tests end: a static value is never released.
    private static let folder = Result { try TemporaryFolder() }

    private static let links = Result {
        let path = try folder.get().path
        atexit { _ = try? FileManager.default.removeItem(atPath: DeclaredPrograms.folder.get().path) }
        // Users other than the one who runs the tests may use the programs too.
        chmod(path, 0o755)
        let script = "\(BuiltTool.project)/Scripts/setup"
        let process = try ProgramStart(["sh", script, "--links", path], executable: "/bin/sh")
        var status: Int32 = 0
        while waitpid(process.processID, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw HarnessError("\(script) --links ended with status \(status)") }
        return path
    }
}
