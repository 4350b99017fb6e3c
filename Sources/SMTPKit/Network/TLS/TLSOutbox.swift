import NIOCore
import SMTPTLS

/// Plaintext that was written and waits for a flush, or for the end of the handshake.
///
/// Small writes are joined, as each record costs 22 octets and a round of the cipher; large ones are not copied.
struct TLSOutbox {
    /// Up to which size writes are joined: what one record holds (RFC 8446, section 5.1).
    private static let recordSize = 16_384

    /// The buffers that were written, in order.
    private var held: [ByteBuffer] = []
    /// Kept when everything that was written up to now is sent.
    private var promise: EventLoopPromise<Void>?
    /// Why an earlier write could not be encrypted.
    private var failure: TLSFailure?

    /// Adds a write.
    ///
    /// - Parameter engine: What encrypts the earlier writes as soon as they fill a record; `nil` before the
    ///   handshake is done.
    mutating func append(
        _ buffer: ByteBuffer,
        _ promise: EventLoopPromise<Void>?,
        encryptingWith engine: TLSEngine?
    ) {
        if let promise { keep(promise) }
        guard let last = held.last else {
            held.append(buffer)
            return
        }
        if last.readableBytes + buffer.readableBytes <= Self.recordSize {
            held[held.count - 1].writeImmutableBuffer(buffer)
            return
        }
        if let engine { encryptHeld(with: engine) }
        held.append(buffer)
    }

    /// Encrypts everything.
    ///
    /// - Returns: The promise that is to be kept when the ciphertext is sent.
    /// - Throws: Why the engine could not encrypt.
    mutating func encrypt(with engine: TLSEngine) throws(TLSFailure) -> EventLoopPromise<Void>? {
        encryptHeld(with: engine)
        if let failure { throw failure }
        defer { promise = nil }
        return promise
    }

    /// Gives up on everything.
    mutating func fail(_ error: any Error) {
        held.removeAll()
        let promise = promise
        self.promise = nil
        promise?.fail(error)
    }

    private mutating func encryptHeld(with engine: TLSEngine) {
        do throws(TLSFailure) {
            for buffer in held where failure == nil {
                try buffer.withUnsafeReadableBytes { bytes throws(TLSFailure) in try engine.send(bytes) }
            }
        } catch {
            failure = error
        }
        held.removeAll(keepingCapacity: true)
    }

    private mutating func keep(_ new: EventLoopPromise<Void>) {
        if let promise {
            promise.futureResult.cascade(to: new)
        } else {
            promise = new
        }
    }
}
