/// Delivers messages to a Maildir.
///
/// A message appears in `new` when it is whole. Until then its file has no name, or, on file systems that need one, a
/// name in `tmp`. With `synchronizes` file and name are on disk before it is acknowledged. Nothing is locked, so any
/// number of programs may deliver and read at the same time. Lines end in LF. A folder that is removed is created
/// again.
///
/// A file is named `1795359600.M123456P4711QABCDEF012345.host`: the time, its microseconds, the process, the
/// `QueueID` and the host. A name that is taken fails the message, and nothing is ever replaced.
///
/// - SeeAlso: <https://cr.yp.to/proto/maildir.html>
public final class MaildirStore {
    let writer: GroupedWriter
    /// The names of the files.
    public let files: MessageFiles

    /// Opens a Maildir, and makes it (for its owner alone) if there is none.
    ///
    /// - Parameters:
    ///   - path: the folder; the one above it has to be there.
    ///   - added: which fields are put above a message.
    ///   - synchronizes: whether a message is on disk before it is acknowledged (`fsync` of file and folder).
    /// - Throws: ``StoreError`` when the folders cannot be made or written to.
    public convenience init(
        path: String, adding added: AddedFields = AddedFields(), synchronizes: Bool = false
    ) throws(StoreError) {
        try self.init(path: path, adding: added, synchronizes: synchronizes, calls: .system)
    }

    package init(
        path: String, adding added: AddedFields = AddedFields(), synchronizes: Bool = false, calls: FileCalls
    ) throws(StoreError) {
        files = .maildir(path)
        writer = try GroupedWriter(
            files: files, form: StoredForm(layout: .lines, added: added), synchronizes: synchronizes, calls: calls)
    }
}

extension MaildirStore: MessageStore, GroupedStore {}
