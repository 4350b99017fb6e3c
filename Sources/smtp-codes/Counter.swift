import SMTPCore

/// `--count`: how often each code occurs in a log.
struct Counter: ~Copyable {
    /// The most different codes counted; a log has some dozens. What comes after is counted together.
    private static let limit = 1 << 16

    /// One row of the table.
    struct Row {
        let count: Int
        let explanation: CodeExplanation
    }

    private var counts: [CodePicker.Pick: Int] = [:]
    /// Lines with a code that found no room in the table.
    private(set) var others = 0

    /// Reads standard input to its end and answers the codes in it, the most frequent first.
    mutating func run() -> [Row] {
        var source = LineSource()
        while source.readAvailable({ piece in count(piece) }) {}
        let rows = counts.compactMap { pick, count in
            pick.query.map { Row(count: count, explanation: StatusRegistry.explain($0)) }
        }
        return rows.sorted { a, b in
            a.count != b.count ? a.count > b.count : a.explanation.code < b.explanation.code
        }
    }

    private mutating func count(_ piece: LineSource.Piece) {
        let text: UnsafeRawBufferPointer
        switch piece {
        case .line(let bytes): text = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - bytes.lineEndLength)])
        case .head(let bytes): text = UnsafeRawBufferPointer(rebasing: bytes.prefix(LineSource.headLimit))
        case .rest, .tail: return
        }
        guard let pick = CodePicker.pick(inBytes: text) else { return }
        if counts[pick] == nil, counts.count >= Self.limit {
            others += 1
        } else {
            counts[pick, default: 0] += 1
        }
    }
}
