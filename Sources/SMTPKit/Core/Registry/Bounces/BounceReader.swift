/// Reads a message or a mailbox line by line and finds the recipients of the delivery reports in it.
///
/// Reports are found at any place: at the top, in a forwarded message, in an attachment. Where a bounce has no report,
/// its text is read. The memory is bounded, whatever the size and the nesting of the message.
///
/// - SeeAlso: RFC 3464; RFC 6533.
package struct BounceReader {
    /// The most multipart levels, and the most attached messages in attached messages, that are followed.
    private static let limits = (depth: 32, attached: 4, recipients: 4096)

    private enum State {
        case header
        /// Lines of no interest: a preamble, an original message, a picture.
        case skipped
        case text(isHTML: Bool)
        case status
        case attached
    }

    /// The recipients found and not taken yet.
    private(set) var found: [BounceRecipient] = []
    private let level: Int
    private var state = State.header
    private var header = MessageHeader()
    private var boundaries: [[UInt8]] = []
    private var decoder = PartDecoder(.identity)
    /// Decoded lines that wait to be read.
    private var content: [[UInt8]] = []
    private var fields = StatusFields()
    private var text = BounceText()
    private var html: [UInt8] = []
    /// Whether the message at hand is a bounce by its header.
    private var isBounce = false
    private var hasNullSender = false
    private var failedRecipients: [String] = []
    private var isMessageStart = true
    private var hasReport = false
    /// The multipart level at which the last delivery report was found.
    private var reportDepth = -1
    private var isMailbox = false
    private var isAfterBlank = true
    /// The reader of an encoded attached message: no element or one.
    private var attached: [BounceReader] = []

    package init() { level = 0 }
    private init(level: Int) { self.level = level }

    /// Hands over the recipients found so far.
    package mutating func take() -> [BounceRecipient] {
        defer { found = [] }
        return found
    }

    /// Takes one line without its line end.
    package mutating func read(_ line: ArraySlice<UInt8>) {
        defer { isAfterBlank = line.isEmpty }
        if isAfterBlank, line.starts(with: "From ".utf8), isMessageStart || isMailbox {
            if !isMessageStart { startMessage() }
            boundaries = []
            isMailbox = true
            return
        }
        if case .header = state { return readHeader(line) }
        if line.starts(with: "--".utf8), let end = delimiter(line) { return startPart(end) }
        if case .skipped = state { return }
        decoder.decode(line) { content.append(Array($0)) }
        takeContent()
    }

    /// Ends the input.
    package mutating func finish() {
        if case .header = state {
            header.read([])
            if isMessageStart { noteMessage() }
        }
        endPart()
        endMessage()
    }

    // MARK: Messages and parts

    private mutating func readHeader(_ line: ArraySlice<UInt8>) {
        // A part that has no header and no blank line before the next delimiter.
        if !isMessageStart, line.starts(with: "--".utf8), let end = delimiter(line) { return startPart(end) }
        header.read(line)
        guard line.isEmpty else { return }
        if isMessageStart { noteMessage() }
        decoder = PartDecoder(header.encoding)
        switch header.type {
        case let type where type.hasPrefix("multipart/"):
            decoder = PartDecoder(.identity)
            if boundaries.count < Self.limits.depth, !header.boundary.isEmpty { boundaries.append(header.boundary) }
            state = .skipped
        case "message/rfc822", "message/global":
            if boundaries.count == reportDepth {
                // The message that came back, after the report about it.
                state = .skipped
            } else if header.encoding == .identity {
                startMessage()
            } else if level < Self.limits.attached {
                attached = [BounceReader(level: level + 1)]
                state = .attached
            } else {
                state = .skipped
            }
        case "message/delivery-status", "message/global-delivery-status", "message/x-delivery-status":
            state = .status
            reportDepth = boundaries.count
        case "", "text/plain": state = .text(isHTML: false)
        case "text/html": state = .text(isHTML: true)
        case _: state = .skipped
        }
    }

    private mutating func noteMessage() {
        isMessageStart = false
        isBounce = header.looksLikeBounce
        hasNullSender = header.hasNullSender
        failedRecipients = header.failedRecipients
    }

    private mutating func startMessage() {
        endPart()
        endMessage()
        state = .header
        header = MessageHeader()
        isMessageStart = true
    }

    private mutating func endMessage() {
        defer {
            text = BounceText()
            isBounce = false
            hasNullSender = false
            failedRecipients = []
            hasReport = false
        }
        // A message from a person may quote the words of a bounce.
        guard !hasReport, isBounce || hasNullSender && text.looksLikeBounce else { return }
        for recipient in text.recipients(failedRecipients) { add(recipient) }
    }

    private mutating func startPart(_ end: (level: Int, isLast: Bool)) {
        endPart()
        if end.level + 1 < reportDepth { reportDepth = -1 }
        boundaries.removeLast(boundaries.count - end.level - (end.isLast ? 0 : 1))
        header = MessageHeader()
        state = end.isLast ? .skipped : .header
        isMessageStart = false
    }

    private mutating func endPart() {
        if case .header = state {
        } else {
            decoder.finish { content.append(Array($0)) }
            takeContent()
        }
        if let recipient = fields.finish() { report(recipient) }
        if !attached.isEmpty {
            attached[0].finish()
            for recipient in attached[0].take() { report(recipient) }
            attached = []
        }
        if !html.isEmpty {
            for line in HTMLText.text(of: String(decoding: html, as: UTF8.self)).utf8.split(
                separator: ASCII.lineFeed,
                omittingEmptySubsequences: false
            ) { text.add(Array(line)[...]) }
            html = []
        }
        decoder = PartDecoder(.identity)
        if case .header = state {} else { state = .skipped }
    }

    /// The multipart whose delimiter a line is, the innermost first.
    private func delimiter(_ line: ArraySlice<UInt8>) -> (level: Int, isLast: Bool)? {
        let rest = line.dropFirst(2)
        for level in boundaries.indices.reversed() where rest.starts(with: boundaries[level]) {
            let after = rest.dropFirst(boundaries[level].count)
            let isLast = after.starts(with: "--".utf8)
            if (isLast ? after.dropFirst(2) : after).allSatisfy({ $0 == ASCII.space || $0 == 0x09 }) {
                return (level, isLast)
            }
        }
        return nil
    }

    // MARK: Content

    private mutating func takeContent() {
        for line in content {
            switch state {
            case .text(isHTML: false): text.add(line[...])
            case .text(isHTML: true): if html.count < 1 << 18 { html += line + [ASCII.lineFeed] }
            case .status: if let recipient = fields.read(line[...]) { report(recipient) }
            case .attached:
                attached[0].read(line[...])
                for recipient in attached[0].take() { report(recipient) }
            case .header, .skipped: break
            }
        }
        content.removeAll(keepingCapacity: true)
    }

    private mutating func report(_ recipient: BounceRecipient) {
        hasReport = true
        add(recipient)
    }

    private mutating func add(_ recipient: BounceRecipient) {
        if found.count < Self.limits.recipients { found.append(recipient) }
    }
}
