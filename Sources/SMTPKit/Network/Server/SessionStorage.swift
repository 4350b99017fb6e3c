public import SMTPCore
import Synchronization

/// Names a value that hooks keep for a session, and gives it a type.
///
///     enum Greylisting: SessionStorageKey { typealias Value = Double }
public protocol SessionStorageKey {
    /// The value under the key.
    associatedtype Value: Sendable
}

/// The values that an application's hooks keep for one session, from its connection to its end.
///
/// One hook writes it, and every later hook of the same session reads it; no other session sees it.
///
///     server.hooks.onSender = { request in
///         request.peer.storage[Greylisting.self] = await score(request.path)
///         return .accept
///     }
///     server.hooks.onRecipient = { request in
///         request.peer.storage[Greylisting.self, default: 0] > 5 ? .reply(.mailboxNotFound) : .accept
///     }
///
/// It is not cleared between the transactions of a session, nor by `STARTTLS`; ``Hooks/onReset`` and
/// ``Hooks/onMessage`` can.
public final class SessionStorage: Sendable {
    private let values = Mutex<[ObjectIdentifier: any Sendable]>([:])

    init() {}

    /// The value under a key, or `nil`.
    public subscript<Key: SessionStorageKey>(key: Key.Type) -> Key.Value? {
        get { values.withLock { $0[ObjectIdentifier(key)] } as? Key.Value }
        set { values.withLock { $0[ObjectIdentifier(key)] = newValue } }
    }

    /// The value under a key, or another while there is none.
    public subscript<Key: SessionStorageKey>(
        key: Key.Type, default value: @autoclosure () -> Key.Value
    ) -> Key.Value {
        get { self[key] ?? value() }
        set { self[key] = newValue }
    }
}

extension Peer {
    /// The values that hooks keep for this session.
    ///
    /// - Precondition: the peer was passed to a hook. To read the storage of any other peer, for instance of one that
    ///   the program made itself, is a programming error: a value that is written there would be lost. The program
    ///   stops with a message.
    public var storage: SessionStorage {
        guard let storage = attachment.object as? SessionStorage else {
            fatalError("Peer.storage: this peer was not passed to a hook of an SMTPServer, so it keeps nothing")
        }
        return storage
    }
}
