/// The user inbound events that ``TLSHandler`` fires.
package enum TLSEvent: Hashable, Sendable {
    /// The handshake is done: from here on everything is encrypted. The first plaintext follows.
    case established(Peer.TLSProperties)
}
