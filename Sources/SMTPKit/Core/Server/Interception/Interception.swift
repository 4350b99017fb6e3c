/// A treatment of a step in place of the usual one, so that clients can be tested with a server that fails.
///
/// Its parts are carried out in this order: wait for bytes, wait for time, reply, end.
///
///     Interception(reply: Reply(450, nil, "Not now"))        // S: 450 Not now
///     Interception(delay: .seconds(2))                       // the usual, two seconds later
///     Interception(form: .truncated)                         // S: 250 2.1.0 Se, and the connection is closed
///     Interception(ending: .reset)                           // no reply; RST
public struct Interception: Hashable, Sendable {
    /// How a reply is put on the wire.
    public enum ReplyForm: Hashable, Sendable {
        /// As it should be.
        case whole
        /// Byte by byte, with this pause between them.
        case slow(pause: Duration)
        /// Its first half; then the connection is closed.
        case truncated
        /// With a `?` in place of the first digit of every line, which makes it no reply at all.
        case garbled
    }

    /// How a connection ends.
    public enum Ending: Hashable, Sendable {
        /// It is closed in good order, as TCP sees it.
        case drop
        /// It is reset: the client sees an error of the connection.
        case reset
        /// Nothing is read any more, and nothing said; the client's patience ends it, or the server's end.
        case stall
    }

    /// At ``DialogueStage/body``: how many bytes of content come first. With a message that is not that
    /// long nothing happens.
    public var after: Int
    /// The delay before everything, also before the replies to commands that are pipelined after this step.
    public var delay: Duration
    /// The reply in place of the usual one.
    ///
    /// 4yz and 5yz refuse the step; `421` also closes. 2yz and 3yz replace the usual reply where that
    /// is none of a refusal. At ``DialogueStage/body`` it comes early, in the middle of the content, and none
    /// comes at its end.
    public var reply: Reply?
    /// How the reply is sent, this one or the usual one.
    public var form: ReplyForm
    /// The action after ``reply``, or in place of the usual one.
    public var ending: Ending?

    /// Makes an interception; without arguments, nothing is changed.
    public init(
        after: Int = 0, delay: Duration = .zero, reply: Reply? = nil, form: ReplyForm = .whole, ending: Ending? = nil
    ) {
        self.after = after
        self.delay = delay
        self.reply = reply
        self.form = form
        self.ending = ending
    }

    /// Whether the step is carried out, be it with another reply.
    var goesOn: Bool { ending == nil && (reply.map(\.isAcceptance) ?? true) }
}

extension Reply {
    /// Whether this says yes: 2yz or 3yz.
    var isAcceptance: Bool {
        switch code.severity {
        case .success, .intermediate: true
        case .transient, .permanent: false
        }
    }

    /// The bytes of a reply with a `?` in place of the first digit of every line.
    static func garbled(_ octets: [UInt8]) -> [UInt8] {
        var garbled = octets
        for index in octets.indices where index == 0 || octets[index - 1] == ASCII.lineFeed {
            garbled[index] = UInt8(ascii: "?")
        }
        return garbled
    }
}
