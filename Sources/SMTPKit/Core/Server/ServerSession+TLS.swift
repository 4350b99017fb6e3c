/// STARTTLS.
///
///     C: STARTTLS
///     S: 220 2.0.0 Ready to start TLS
///
/// Bytes that the client sent in clear after the command are discarded, and the session forgets everything before it:
/// none of it can be trusted (RFC 3207, sections 4.2 and 6; CVE-2011-0411).
extension ServerSession {
    mutating func startTLS(_ output: inout ServerOutput) {
        send(.readyToStartTLS, &output)
        activity = .startingTLS
        output.event = .startTLS
    }

    /// The handshake is done.
    ///
    /// Before ``start(into:)``, for implicit TLS, this only says how the connection is secured.
    ///
    /// After a session's end, while its last words wait for the handshake, it says nothing.
    ///
    /// - Precondition: the session has not started, or asked for TLS, or is over.
    public mutating func tlsEstablished(_ properties: Peer.TLSProperties) {
        guard activity != .closed else { return }
        precondition(activity == .unstarted || activity == .startingTLS, "TLS is established once")
        peer.tls = properties
        guard activity == .startingTLS else { return }
        endTransaction()
        phase = .greeted
        peer.heloName = nil
        peer.heloVerb = nil
        peer.username = nil
        peer.mechanism = nil
        exchange = nil
        framer = commandFramer
        activity = .commands
    }

    /// Sets the channel bindings of the connection, for the mechanisms that use them.
    package mutating func setChannelBindings(_ bindings: [ChannelBinding]) {
        channelBindings = bindings
    }
}
