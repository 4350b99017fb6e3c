import Glibc
package import NIOCore
public import SMTPCore

/// Appends messages to a file or a stream, or writes each to a file in a folder.
///
/// The factories name the formats:
///
///     let mbox = try FileStore.mbox(path: "inbox.mbox")
///     let maildir = try FileStore.maildir(path: "Maildir", synchronizes: true)
///
/// All formats have in common:
/// - A message is written whole before the store accepts it, and with `synchronizes` it is on disk.
/// - A message that does not fit is rolled back, and the store goes on with the next message.
/// - Messages that arrive together are written together.
///
/// A thread writes, so a slow disk never delays the event loops of the program. With `usesEventLoop`, the session's
/// event loop writes as long as nothing has to wait. This is faster, and meant for programs whose event loops serve
/// mail only.
public final class FileStore {
    /// How a stream is written.
    public enum StreamFormat: Hashable, Sendable {
        /// As an mbox.
        case mbox(MboxFormat)
        /// As received, with CRLF line ends, one after the other.
        case raw
        /// As JSON, an object on a line. Content that a folder has is not repeated. See
        /// ``FileStore/jsonLines(path:contentIn:synchronizes:lockTimeout:usesEventLoop:)``.
        case json(MessageFiles?)
    }

    /// How a file or a folder is written.
    package enum Format: Hashable, Sendable {
        /// One mbox.
        case mbox(MboxFormat)
        /// One file with a JSON object on each line. The objects name the files of another store in place of content.
        case jsonLines(MessageFiles?)
        /// A Maildir.
        case maildir
        /// A folder with a file for each message.
        case folder
    }

    let writer: GroupedWriter
    /// The names of the files where each message has one, in a Maildir or a folder. `nil` for other formats.
    public let files: MessageFiles?

    /// Opens a file or a folder. The factories describe the parameters.
    ///
    /// - Throws: ``StoreError``.
    package init(
        _ format: Format, path: String, adding added: AddedFields = AddedFields(), synchronizes: Bool = false,
        lockTimeout: Duration = .seconds(10), usesEventLoop: Bool = false, calls: FileCalls = .system
    ) throws(StoreError) {
        let layout: StoredForm.Layout
        switch format {
        case .mbox(let format): (layout, files) = (.mbox(format), nil)
        case .jsonLines(let other): (layout, files) = (.json(JSONRecord(files: other)), nil)
        case .maildir: (layout, files) = (.lines, .maildir(path))
        case .folder: (layout, files) = (.wire, .plain(path))
        }
        let form = StoredForm(layout: layout, added: added)
        if let files {
            writer = try GroupedWriter(
                files: files, form: form, synchronizes: synchronizes, usesEventLoop: usesEventLoop, calls: calls)
        } else {
            writer = try GroupedWriter(
                path: path, form: form, synchronizes: synchronizes, lockTimeout: TimeAmount(lockTimeout),
                usesEventLoop: usesEventLoop, calls: calls)
        }
    }

    /// Writes to a descriptor. The factory describes the parameters.
    package convenience init(
        descriptor: Int32, name: String, format: StreamFormat, adding added: AddedFields, synchronizes: Bool = false,
        usesEventLoop: Bool = false, calls: FileCalls = .system
    ) {
        let layout: StoredForm.Layout =
            switch format {
            case .mbox(let format): .mbox(format)
            case .raw: .wire
            case .json(let files): .json(JSONRecord(files: files))
            }
        self.init(
            StreamTarget(
                descriptor: descriptor, path: name, form: StoredForm(layout: layout, added: added),
                synchronizes: synchronizes, calls: calls),
            alwaysWaits: !usesEventLoop)
    }

    /// Writes to a stream. From here on the process ignores `SIGPIPE`.
    private init(_ stream: sending StreamTarget, alwaysWaits: Bool) {
        signal(SIGPIPE, SIG_IGN)
        writer = GroupedWriter(stream, alwaysWaits: alwaysWaits)
        files = nil
    }
}

extension FileStore {
    /// Opens an mbox, and creates it (for its owner alone) if there is none.
    ///
    /// No other program that locks writes at the same time. The store holds both an `fcntl` lock and a dotlock,
    /// `FILE.lock`, as Postfix, Dovecot, mutt and procmail expect between them. In a folder that is not writable there
    /// can be no dotlock, and the store holds the `fcntl` lock alone. Opening does not wait for locks.
    ///
    /// A process that is killed while it writes leaves no partial message for good. The dotlock records the last good
    /// length, and the next store that opens or locks the file cuts it there, unless another program appended since.
    /// A file that is removed or replaced, as by a program that rotates logs, is opened again.
    ///
    /// A name of something other than a file, such as a FIFO or `/dev/stdout`, is written to without locks, as by
    /// ``stream(descriptor:name:format:adding:synchronizes:usesEventLoop:)``. If a FIFO has no reader, the store waits
    /// for one for `lockTimeout`.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - format: the dialect.
    ///   - added: the fields above each message.
    ///   - synchronizes: whether a message is on disk before it is acknowledged (`fdatasync`, once for each group).
    ///   - lockTimeout: the time to wait while other programs hold the locks. After that, messages fail with
    ///     ``StoreError/Code/locked``.
    ///   - usesEventLoop: whether the session's event loop may write.
    /// - Throws: ``StoreError`` when the file cannot be opened or locked: no such directory, no permission.
    public static func mbox(
        path: String, format: MboxFormat = .mboxrd, adding added: AddedFields = AddedFields(),
        synchronizes: Bool = false, lockTimeout: Duration = .seconds(10), usesEventLoop: Bool = false
    ) throws(StoreError) -> FileStore {
        try FileStore(
            .mbox(format), path: path, adding: added, synchronizes: synchronizes, lockTimeout: lockTimeout,
            usesEventLoop: usesEventLoop)
    }

    /// Opens a file for JSON objects, one on each line, and creates it (for its owner alone) if there is none.
    ///
    /// An object has the envelope, the session, the header and the content. `docs/message-json.md` describes every
    /// member. The file is locked, synced and cut back as an mbox is.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - files: the folder in which another store keeps the content. The objects then name the files in place of
    ///     the content.
    ///   - synchronizes: whether a message is on disk before it is acknowledged (`fdatasync`, once for each group).
    ///   - lockTimeout: the time to wait while other programs hold the locks. After that, messages fail with
    ///     ``StoreError/Code/locked``.
    ///   - usesEventLoop: whether the session's event loop may write.
    /// - Throws: ``StoreError`` when the file cannot be opened or locked.
    public static func jsonLines(
        path: String, contentIn files: MessageFiles? = nil, synchronizes: Bool = false,
        lockTimeout: Duration = .seconds(10), usesEventLoop: Bool = false
    ) throws(StoreError) -> FileStore {
        try FileStore(
            .jsonLines(files), path: path, synchronizes: synchronizes, lockTimeout: lockTimeout,
            usesEventLoop: usesEventLoop)
    }

    /// Opens a Maildir, and creates it (for its owner alone) if there is none.
    ///
    /// A message appears in `new` when it is whole. Until then its file has no name, or, on file systems that need one,
    /// a name in `tmp`. Nothing is locked, so any number of programs may deliver and read at the same time. Lines end
    /// in LF. A folder that is removed is created again.
    ///
    /// A file is named `1795359600.M123456P4711QABCDEF012345.host`: the time, its microseconds, the process, the
    /// `QueueID` and the host. A name that is taken fails the message, and nothing is ever replaced.
    ///
    /// - Parameters:
    ///   - path: the folder. The folder above it has to exist.
    ///   - added: the fields above each message.
    ///   - synchronizes: whether a message is on disk before it is acknowledged (`fsync` of file and folder).
    ///   - usesEventLoop: whether the session's event loop may write.
    /// - Throws: ``StoreError`` when the folders cannot be created or written to.
    ///
    /// - SeeAlso: <https://cr.yp.to/proto/maildir.html>
    public static func maildir(
        path: String, adding added: AddedFields = AddedFields(), synchronizes: Bool = false,
        usesEventLoop: Bool = false
    ) throws(StoreError) -> FileStore {
        try FileStore(
            .maildir, path: path, adding: added, synchronizes: synchronizes, usesEventLoop: usesEventLoop)
    }

    /// Opens a folder with a file for each message, and creates it (for its owner alone) if there is none.
    ///
    /// A file is named `20261122T150000.000Z-4F7A21C0.eml` and has the message as received, with CRLF. Names sort by
    /// the time of arrival. A file appears when it is whole. Until then it has no name, or, on file systems that need
    /// one, a name that begins with a dot. A name that is taken fails the message, and nothing is ever replaced. A
    /// folder that is removed is created again.
    ///
    /// - Parameters:
    ///   - path: the folder. The folder above it has to exist.
    ///   - added: the fields above each message.
    ///   - synchronizes: whether a message is on disk before it is acknowledged (`fsync` of file and folder).
    ///   - usesEventLoop: whether the session's event loop may write.
    /// - Throws: ``StoreError`` when the folder cannot be created or written to.
    public static func folder(
        path: String, adding added: AddedFields = AddedFields(), synchronizes: Bool = false,
        usesEventLoop: Bool = false
    ) throws(StoreError) -> FileStore {
        try FileStore(.folder, path: path, adding: added, synchronizes: synchronizes, usesEventLoop: usesEventLoop)
    }

    /// Writes messages to an open descriptor, such as standard output.
    ///
    /// Each message is written whole before the next. Nothing is locked. A reader that closed its end, and a full disk,
    /// fail the message. When a part of a message was written and cannot be rolled back, all later messages fail as
    /// well, because a reader could not tell them from its rest. A message too large for memory is written in pieces.
    ///
    /// From here on the process ignores `SIGPIPE`, so that a reader that closes its end is an error.
    ///
    /// - Parameters:
    ///   - descriptor: the descriptor. The caller keeps it open for as long as the store lives.
    ///   - name: its name in errors.
    ///   - format: how messages are written.
    ///   - added: the fields above each message.
    ///   - synchronizes: whether a message is on disk before it is acknowledged, where the descriptor is a file's.
    ///   - usesEventLoop: whether the session's event loop may write to files. A thread writes to pipes in any case.
    public static func stream(
        descriptor: Int32, name: String = "standard output", format: StreamFormat = .mbox(.mboxrd),
        adding added: AddedFields = AddedFields(), synchronizes: Bool = false, usesEventLoop: Bool = false
    ) -> FileStore {
        FileStore(
            descriptor: descriptor, name: name, format: format, adding: added, synchronizes: synchronizes,
            usesEventLoop: usesEventLoop)
    }

    /// Writes messages to an open descriptor in a form that a function defines.
    ///
    /// - Parameters:
    ///   - descriptor: the descriptor. The caller keeps it open for as long as the store lives.
    ///   - name: its name in errors.
    ///   - append: appends the form of a message. It may be called on any thread.
    public static func stream(
        descriptor: Int32, name: String = "standard output",
        writing append: @escaping @Sendable (Message, inout [UInt8]) throws -> Void
    ) -> FileStore {
        // The function may take any time.
        FileStore(
            StreamTarget(descriptor: descriptor, path: name, form: StoredForm(layout: .other(append)), calls: .system),
            alwaysWaits: true)
    }
}

extension FileStore: MessageStore, EventLoopStore {
    public var name: String { writer.path }

    public func store(_ message: Message) async throws { try await writer.store(message) }

    package func store(_ message: Message, on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        writer.store(message, on: eventLoop)
    }

    public func close() async { await writer.close() }
}
