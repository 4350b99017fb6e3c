import Glibc
import NIOCore
public import SMTPCore

/// Writes messages to an open descriptor, such as standard output.
///
/// Each message is written whole before the next; nothing is locked. A reader that has gone, and a disk
/// that is full, fail the message. When a part of it was written and cannot be taken back, all later
/// messages fail as well: they could not be told from its rest.
///
/// A pipe's reader may be slow, so a thread writes to everything but files. A message too large for
/// memory passes through in pieces.
public final class StreamStore {
    /// How messages are written.
    public enum Format: Hashable, Sendable {
        /// As an mbox.
        case mbox(MboxFormat)
        /// As received, with CRLF line ends, one after the other.
        case raw
        /// As JSON, an object on a line; a message that is kept in a file is not repeated. See ``JSONLinesStore``.
        case json(MessageFiles?)
    }

    let writer: GroupedWriter

    /// Makes a store.
    ///
    /// From here on `SIGPIPE` is ignored in this process, so that a reader that goes away is an error and
    /// not the end.
    ///
    /// - Parameters:
    ///   - descriptor: where to write. The caller keeps it open for as long as the store lives.
    ///   - name: what it is called in errors.
    ///   - format: how messages are written.
    ///   - added: which fields are put above them.
    ///   - synchronizes: whether a message is on disk before it is acknowledged, where the descriptor is a file's.
    public convenience init(
        descriptor: Int32,
        name: String = "standard output",
        format: Format = .mbox(.mboxrd),
        adding added: AddedFields = AddedFields(),
        synchronizes: Bool = false
    ) {
        self.init(
            descriptor: descriptor, name: name, format: format, adding: added, synchronizes: synchronizes,
            calls: .system)
    }

    /// Makes a store that writes each message by a given function.
    ///
    /// - Parameters:
    ///   - descriptor: where to write. The caller keeps it open for as long as the store lives.
    ///   - name: what it is called in errors.
    ///   - append: appends what is to be written for a message. It may be called on any thread.
    public init(
        descriptor: Int32, name: String = "standard output",
        writing append: @escaping @Sendable (Message, inout [UInt8]) throws -> Void
    ) {
        signal(SIGPIPE, SIG_IGN)
        let target = StreamTarget(
            descriptor: descriptor, path: name, form: StoredForm(layout: .other(append)), calls: .system)
        // The function may take any time.
        writer = GroupedWriter(target, alwaysWaits: true)
    }

    package init(
        descriptor: Int32,
        name: String,
        format: Format,
        adding added: AddedFields,
        synchronizes: Bool = false,
        calls: FileCalls
    ) {
        signal(SIGPIPE, SIG_IGN)
        let layout: StoredForm.Layout =
            switch format {
            case .mbox(let format): .mbox(format)
            case .raw: .wire
            case .json(let files): .json(JSONRecord(files: files))
            }
        let target = StreamTarget(
            descriptor: descriptor, path: name, form: StoredForm(layout: layout, added: added),
            synchronizes: synchronizes, calls: calls)
        writer = GroupedWriter(target, alwaysWaits: false)
    }
}

extension StreamStore: MessageStore, GroupedStore {}
