import Glibc

/// The identity of the file that a name refers to.
struct FileIdentity: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64

    init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

/// The contents of a dotlock that this library wrote: which process appends to which mbox, and its last good length.
///
///     4711:mail.example.net
///     smtpkit-append 1 0000000000000000fe01 00000000000000013a77 00000000000000081920 00000000000000083968 0
///
/// The first line is what other programs write. The second has numbers of one width: device and inode
/// of the mbox in hexadecimal; its length before the current append; its length after the current
/// `write`; and `1` when more writes follow. The record is overwritten in one piece before each `write`, so it shows
/// what a process was doing when it was killed.
struct AppendRecord: Hashable, Sendable {
    var process: Int32
    var host: String
    var mailbox: FileIdentity
    /// The length before the append.
    var goodLength: Int64 = 0
    /// The length after the current `write`.
    var reach: Int64 = 0
    /// Whether the append continues after that.
    var isUnfinished = false

    init(process: Int32, host: String, mailbox: FileIdentity) {
        self.process = process
        self.host = host
        self.mailbox = mailbox
    }

    /// The text of the file.
    var text: [UInt8] {
        var text = Array(fixedText.utf8)
        appendNumbers(to: &text)
        return text
    }

    /// The number of bytes before those that change.
    var numbersOffset: Int { fixedText.utf8.count }

    /// The part that does not change: the first line, and the file's identity.
    private var fixedText: String {
        let identity = [mailbox.device, mailbox.inode].map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: max(0, Self.width - digits.utf8.count)) + digits
        }
        return "\(process):\(host)\n\(Self.mark) \(identity.joined(separator: " ")) "
    }

    /// Appends what changes, the rest of the second line. Always of one length.
    func appendNumbers(to output: inout [UInt8]) {
        for number in [goodLength, reach] {
            var rest = number
            let start = output.count
            output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Self.width))
            var place = start + Self.width
            while rest > 0 {
                place -= 1
                output[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            output.append(UInt8(ascii: " "))
        }
        output.append(isUnfinished ? UInt8(ascii: "1") : UInt8(ascii: "0"))
        output.append(UInt8(ascii: "\n"))
    }

    /// Reads the text of a dotlock.
    ///
    /// - Returns: `nil` when it is not one of ours.
    init?(parsing text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3, lines[2].isEmpty else { return nil }
        let owner = lines[0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard owner.count == 2, let process = Int32(owner[0]), lines[1].hasPrefix(Self.mark + " ") else { return nil }
        let fields = lines[1].dropFirst(Self.mark.count + 1).split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 5, let device = UInt64(fields[0], radix: 16), let inode = UInt64(fields[1], radix: 16),
            let goodLength = Int64(fields[2]), let reach = Int64(fields[3]), goodLength >= 0, reach >= goodLength,
            fields[4] == "0" || fields[4] == "1"
        else { return nil }
        self.process = process
        host = String(owner[1])
        mailbox = FileIdentity(device: device, inode: inode)
        self.goodLength = goodLength
        self.reach = reach
        isUnfinished = fields[4] == "1"
    }

    private static let mark = "smtpkit-append 1"
    /// Digits of each number: more than an `Int64` has.
    private static let width = 20
}
