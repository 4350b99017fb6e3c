/// What ``TLSHandler`` says to the handlers behind it, as user inbound events.
package enum TLSEvent: Hashable, Sendable {
    /// The handshake is done: from here on everything is encrypted. The first plaintext follows.
    case established(Peer.TLSProperties)
}
