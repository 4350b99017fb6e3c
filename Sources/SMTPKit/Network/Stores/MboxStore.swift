public import NIOCore
public import SMTPCore

/// Appends messages to an mbox.
///
/// Guarantees:
/// - A message is in the file, whole, before it is acknowledged; with `synchronizes` it is on disk.
/// - A message that does not fit is rolled back: the file is cut to its last good length, and the store goes on
///   with the next.
/// - No other program that locks writes at the same time. Both an `fcntl` lock and a dotlock, `FILE.lock`, are held,
///   as Postfix, Dovecot, mutt and procmail expect between them. In a folder that is not writable there can be no
///   dotlock, and the `fcntl` lock is held alone.
/// - A process that is killed in the middle leaves no half message for good: the dotlock says how far the
///   file was good, and the next store to open or lock it cuts it there, unless others have appended since.
///
/// Messages that come together are written together. As long as nothing has to be waited for, that happens
/// on the event loop; a disk that is to be synced, a lock that others have and large messages are left to a
/// thread. A file that is removed or replaced, as by a program that rotates logs, is found again.
///
/// A name that refers to something other than a file, such as a FIFO or `/dev/stdout`, is written to as by a
/// ``StreamStore``, without locks. If a FIFO has no reader, the store waits for one as long as for a lock.
public final class MboxStore {
    let writer: GroupedWriter

    /// Opens an mbox, and makes it (for its owner alone) if there is none.
    ///
    /// A lock that others hold does not hold this up.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - format: the dialect.
    ///   - added: which fields are put above a message.
    ///   - synchronizes: whether a message is on disk before it is acknowledged (`fdatasync`, once for each group).
    ///   - lockTimeout: how long to wait while others hold the locks. Then messages fail with
    ///     ``StoreError/Code/locked``.
    /// - Throws: ``StoreError`` when the file cannot be opened or locked: no such directory, no permission.
    public convenience init(
        path: String,
        format: MboxFormat = .mboxrd,
        adding added: AddedFields = AddedFields(),
        synchronizes: Bool = false,
        lockTimeout: TimeAmount = .seconds(10)
    ) throws(StoreError) {
        try self.init(
            path: path, format: format, adding: added, synchronizes: synchronizes, lockTimeout: lockTimeout,
            calls: .system)
    }

    package init(
        path: String,
        format: MboxFormat = .mboxrd,
        adding added: AddedFields = AddedFields(),
        synchronizes: Bool = false,
        lockTimeout: TimeAmount = .seconds(10),
        calls: FileCalls
    ) throws(StoreError) {
        writer = try GroupedWriter(
            path: path, form: StoredForm(layout: .mbox(format), added: added), synchronizes: synchronizes,
            lockTimeout: lockTimeout, calls: calls)
    }
}

extension MboxStore: MessageStore, GroupedStore {}
