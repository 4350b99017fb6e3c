/// XCLIENT: a trusted client speaks in the name of another.
///
///     C: XCLIENT NAME=mail.example.org ADDR=192.0.2.1
///     S: 220 mx.example ESMTP
///
/// The session begins anew, as if the other had connected; TLS stays.
///
/// - SeeAlso: Postfix, `XCLIENT_README`.
extension ServerSession {
    mutating func xclient(_ attributes: [XClientAttribute], _ output: inout ServerOutput) {
        guard !configuration.xclients.isEmpty else { return refuse(.notImplemented, &output) }
        guard isXClientTrusted else { return refuse(.xclientRefused, &output) }
        endTransaction()
        phase = .greeted
        peer.heloName = nil
        peer.heloVerb = nil
        peer.username = nil
        for attribute in attributes { take(attribute) }
        begin(&output)
    }

    private mutating func take(_ attribute: XClientAttribute) {
        switch attribute {
        case .name(let name): peer.hostname = name
        case .address(let address): peer.address = Self.address(address, port: peer.address.port)
        case .port(let port): peer.address = Self.address(peer.address.host, port: port)
        case .hello(let name): peer.heloName = name
        case .helloVerb(let verb): peer.heloVerb = verb
        case .login(let user): peer.username = user
        case .destinationAddress(let address):
            peer.serverAddress = Self.address(address, port: peer.serverAddress?.port)
        case .destinationPort(let port):
            peer.serverAddress = Self.address(peer.serverAddress?.host, port: port)
        }
    }

    private static func address(_ host: String?, port: UInt16?) -> Peer.Address {
        host.map { .ip($0, port: port ?? 0) } ?? .local
    }
}

extension Peer.Address {
    fileprivate var host: String? {
        switch self {
        case .ip(let host, _): host
        case .local: nil
        }
    }

    fileprivate var port: UInt16? {
        switch self {
        case .ip(_, let port): port
        case .local: nil
        }
    }
}
