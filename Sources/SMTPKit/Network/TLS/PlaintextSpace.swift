import NIOCore
import NIOPosix
import SMTPTLS

/// Where one read's plaintext goes.
///
/// A small read gets memory of its own size, as later handlers may keep it. A large one, such as comes in a stream of
/// them, borrows memory that the event loop's connections share. The memory is reused once the last read has been
/// released.
struct PlaintextSpace {
    /// From which size a read is large, in bytes.
    private static let largeRead = 16_384
    /// The size of the shared memory: the largest read of the socket, and a record that began before it.
    private static let sharedSize = 65_536 + 16_384

    nonisolated(unsafe) private static let shared = ThreadSpecificVariable<SharedBuffer>()

    private final class SharedBuffer {
        var buffer: ByteBuffer?
    }

    /// The plaintext.
    private(set) var buffer: ByteBuffer
    private let isShared: Bool

    /// Finds space for what a number of bytes of ciphertext may hold, beside what the engine has decrypted
    /// already. More of it comes in further rounds.
    init(for ciphertextCount: Int, of engine: TLSEngine) {
        // In a handshake there can be no plaintext.
        let isNeeded = engine.isEstablished
        isShared = isNeeded && ciphertextCount >= Self.largeRead
        if isShared, let lent = Self.shared.currentValue?.buffer {
            Self.shared.currentValue?.buffer = nil
            buffer = lent
            buffer.clear(minimumCapacity: Self.sharedSize)
        } else {
            let size = isShared ? Self.sharedSize : max(ciphertextCount, engine.decryptedCount, 64)
            buffer = isNeeded ? ByteBufferAllocator().buffer(capacity: size) : ByteBuffer()
        }
    }

    /// Lets the engine work through the ciphertext until there is no more space, or something else to say.
    ///
    /// - Returns: `plaintext` when the space is full and there may be more.
    mutating func fill(from ciphertext: inout ByteBuffer, through engine: TLSEngine) -> TLSEngine.Outcome {
        var outcome = TLSEngine.Outcome.needsInput
        let taken = ciphertext.withUnsafeReadableBytes { bytes in
            engine.receive(bytes) { engine in
                buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 0) { space in
                    var filled = 0
                    repeat {
                        outcome = engine.step(into: UnsafeMutableRawBufferPointer(rebasing: space[filled...]))
                        guard case .plaintext(let count) = outcome else { break }
                        filled += count
                    } while filled < space.count
                    return filled
                }
            }
        }
        ciphertext.moveReaderIndex(forwardBy: taken)
        return outcome
    }

    /// Lets the next large read on this thread use the memory.
    func giveBack() {
        guard isShared else { return }
        if let shared = Self.shared.currentValue {
            shared.buffer = buffer
        } else {
            let shared = SharedBuffer()
            shared.buffer = buffer
            Self.shared.currentValue = shared
        }
    }
}
