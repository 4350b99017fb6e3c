/// The numbers of lines above which `--count` warns, in the form and with the exit statuses of a monitoring plugin.
struct Thresholds {
    let warning: UInt32?
    let critical: UInt32?

    /// The exit status: 2 above the critical number, 1 above the warning number, otherwise 0.
    func status(of count: Int) -> ExitStatus {
        if let critical, count > Int(critical) { return .unusable }
        if let warning, count > Int(warning) { return .notFound }
        return .success
    }

    /// `SMTP-CODES WARNING - 12 lines | lines=12;10;50;0`.
    func line(for count: Int) -> String {
        let word =
            switch status(of: count) {
            case .success: "OK"
            case .notFound: "WARNING"
            case .unusable, .sysexit: "CRITICAL"
            }
        let limits = [warning, critical].map { $0.map { "\($0)" } ?? "" }.joined(separator: ";")
        return "SMTP-CODES \(word) - \(count) \(count == 1 ? "line" : "lines") | lines=\(count);\(limits);0\n"
    }
}
