/// Writes each message to a file of its own, `20261122T150000.000Z-4F7A21C0.eml`, as it came: with CRLF.
///
/// Names sort in the order in which messages came. A file appears when it is whole. Until then it has no name, or, on
/// file systems that need one, a name that begins with a dot. A name that is taken fails the message, and nothing is
/// ever replaced. A folder that is removed is created again.
public final class FolderStore {
    let writer: GroupedWriter
    /// The names of the files.
    public let files: MessageFiles

    /// Opens a folder, and makes it (for its owner alone) if there is none.
    ///
    /// - Parameters:
    ///   - path: the folder; the one above it has to be there.
    ///   - added: which fields are put above a message.
    ///   - synchronizes: whether a message is on disk before it is acknowledged (`fsync` of file and folder).
    /// - Throws: ``StoreError`` when the folder cannot be made or written to.
    public convenience init(
        path: String, adding added: AddedFields = AddedFields(), synchronizes: Bool = false
    ) throws(StoreError) {
        try self.init(path: path, adding: added, synchronizes: synchronizes, calls: .system)
    }

    package init(
        path: String, adding added: AddedFields = AddedFields(), synchronizes: Bool = false, calls: FileCalls
    ) throws(StoreError) {
        files = .plain(path)
        writer = try GroupedWriter(
            files: files, form: StoredForm(layout: .wire, added: added), synchronizes: synchronizes, calls: calls)
    }
}

extension FolderStore: MessageStore, GroupedStore {}
