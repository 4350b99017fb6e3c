public import NIOCore

/// Appends each message to a file as an object of JSON on a line of its own.
///
/// Envelope, session, header and content are in it; `docs/message-json.md` describes every member. The file is
/// locked, synced and cut back as an mbox is; see ``MboxStore``. A name that refers to something other than a
/// file is written to as by a ``StreamStore``.
public final class JSONLinesStore {
    let writer: GroupedWriter

    /// Opens a file, and makes it (for its owner alone) if there is none.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - files: the folder in which another store keeps the content; the objects then say where, and do not repeat
    ///     it.
    ///   - synchronizes: whether a message is on disk before it is acknowledged (`fdatasync`, once for each group).
    ///   - lockTimeout: how long to wait while others hold the locks. Then messages fail with
    ///     ``StoreError/Code/locked``.
    /// - Throws: ``StoreError`` when the file cannot be opened or locked.
    public convenience init(
        path: String, contentIn files: MessageFiles? = nil, synchronizes: Bool = false,
        lockTimeout: TimeAmount = .seconds(10)
    ) throws(StoreError) {
        try self.init(
            path: path, contentIn: files, synchronizes: synchronizes, lockTimeout: lockTimeout, calls: .system)
    }

    package init(
        path: String, contentIn files: MessageFiles? = nil, synchronizes: Bool = false,
        lockTimeout: TimeAmount = .seconds(10), calls: FileCalls
    ) throws(StoreError) {
        writer = try GroupedWriter(
            path: path, form: StoredForm(layout: .json(JSONRecord(files: files))), synchronizes: synchronizes,
            lockTimeout: lockTimeout, calls: calls)
    }
}

extension JSONLinesStore: MessageStore, GroupedStore {}
