/// A transaction under way.
struct TransactionRun: Sendable {
    /// The part of the transaction that is sent or awaited.
    enum Phase: Sendable {
        case reset
        case sender
        case recipients
        case data
        /// Content is sent. What was refused of it ends the transaction as soon as every chunk is answered.
        case content(isRefused: Bool)
        case endOfData
    }

    let transaction: Transaction
    let isPipelined: Bool
    /// The commands of the envelope, known to be good.
    let mail: String
    let recipients: [String]
    var phase = Phase.sender
    /// How many `RCPT`s were sent, and answered.
    var sentRecipients = 0
    var answeredRecipients = 0
    var encoder: ContentEncoder
    /// Content of the chunk to come.
    var chunk: [UInt8] = []
    var unansweredChunks = 0
    /// Whether all content was given.
    var isEnded = false
    /// The recipient whose delivery the next reply is about, with LMTP.
    var nextDelivery = 0

    var isInContent: Bool { if case .content = phase { true } else { false } }
}
