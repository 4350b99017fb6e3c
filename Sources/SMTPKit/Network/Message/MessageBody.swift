public import NIOCore

/// The content of a message that is still coming in, piece by piece, as ``MessageContent`` has it: lines end with CRLF,
/// and the dots that the transfer added are gone.
///
///     for try await piece in message.body { try await file.write(contentsOf: piece.readableBytesView) }
///
/// The sequence ends when the message is complete, and only then; in any other case it throws. Pieces come as the
/// client sends them. When ``maximumWaitingPieces`` wait to be taken, the connection is not read until there is
/// room again, so memory stays flat for a message of any size.
///
/// It can be iterated once.
public struct MessageBody: AsyncSequence, Sendable {
    /// How many pieces may wait before the client has to: with at most 64 KiB in each, half a MiB.
    public static let maximumWaitingPieces = 8

    typealias Strategy = NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark
    typealias Producer = NIOThrowingAsyncSequenceProducer<ByteBuffer, any Error, Strategy, StreamDemand>

    private let producer: Producer

    init(_ producer: Producer) { self.producer = producer }

    /// Begins to take the pieces.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: producer.makeAsyncIterator()) }

    /// Takes the pieces in turn.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let base: Producer.AsyncIterator

        /// The next piece, or `nil` when the message is complete.
        ///
        /// - Throws: ``MessageBodyError`` when the message will never be complete, or `CancellationError`.
        public mutating func next() async throws -> ByteBuffer? { try await base.next() }
    }
}

/// Why a message that was coming in will not be complete.
public struct MessageBodyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The error in one line.
    public let description: String

    /// The connection ended in the middle of the message.
    public static let interrupted = Self(description: "the connection ended in the middle of a message")
    /// The message breaks a rule or a limit, and is refused when the rest has been read; or its client gave it up with
    /// `RSET` between two chunks.
    public static let refused = Self(description: "the message was refused or given up")
}
