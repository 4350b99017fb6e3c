import Glibc

/// The names of the programs on PATH, for completions.
enum ProgramNames {
    /// Those that begin with a text, in order.
    static func beginning(with prefix: String) -> [String] {
        var names: Set<String> = []
        for folder in getenv("PATH").map({ String(cString: $0) })?.split(separator: ":") ?? [] {
            guard let stream = opendir(String(folder)) else { continue }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                var status = stat()
                let path = "\(folder)/\(name)"
                guard name.hasPrefix(prefix), access(path, X_OK) == 0, stat(path, &status) == 0,
                    status.st_mode & S_IFMT == S_IFREG
                else { continue }
                names.insert(name)
            }
        }
        return names.sorted()
    }
}
