import Glibc
public import NIOCore
public import SMTPCore

/// Writes messages to an open descriptor, such as standard output.
///
/// Each message is written whole before the next; nothing is locked. A reader that has gone, and a disk
/// that is full, fail the message. When a part of it was written and cannot be taken back, all later
/// messages fail as well: they could not be told from its rest.
///
/// A pipe's reader may be slow, so a thread writes to everything but files. A message too large for
/// memory passes through in pieces.
public final class StreamStore: MessageStore {
    /// How messages are written.
    public enum Format: Hashable, Sendable {
        /// As an mbox.
        case mbox(MboxFormat)
        /// As they came, with CRLF line ends, one behind the other.
        case raw
    }

    private let writer: GroupedWriter

    /// Makes a store.
    ///
    /// From here on `SIGPIPE` is ignored in this process, so that a reader that goes away is an error and
    /// not the end.
    ///
    /// - Parameters:
    ///   - descriptor: where to write. The caller keeps it open for as long as the store lives.
    ///   - name: what it is called in errors.
    ///   - format: how messages are written.
    ///   - trace: which fields are put above them.
    public convenience init(
        descriptor: Int32,
        name: String = "standard output",
        format: Format = .mbox(.mboxrd),
        trace: TraceFields.Policy = .finalDelivery
    ) {
        self.init(descriptor: descriptor, name: name, format: format, trace: trace, calls: .system)
    }

    package init(
        descriptor: Int32,
        name: String,
        format: Format,
        trace: TraceFields.Policy,
        calls: FileCalls
    ) {
        signal(SIGPIPE, SIG_IGN)
        let mbox: MboxFormat? =
            switch format {
            case .mbox(let mbox): mbox
            case .raw: nil
            }
        let target = StreamTarget(
            descriptor: descriptor,
            path: name,
            ownsDescriptor: false,
            form: StoredForm(mbox: mbox, trace: trace),
            calls: calls
        )
        writer = GroupedWriter(target, alwaysWaits: false)
    }

    public func store(_ message: Message) async throws { try await writer.store(message) }

    public func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        writer.store(message, on: eventLoop)
    }

    public func close() async { await writer.close() }
}
