import SMTPKit

/// The server of a dialogue, for the document.
struct ProbeTarget {
    /// As the command line or `:open` has it.
    let given: Target
    /// The address that was connected to, or tried last, as the system writes it; `nil` when none was known.
    let address: String?
    /// The mail exchanger that was used, or tried last; `nil` without `--mx`.
    let exchanger: String?

    /// - Parameter mx: whether the target is a domain whose mail exchangers are used.
    init(_ given: Target, _ connection: PollableConnection?, mx: Bool) {
        self.init(given, address: connection?.target?.text, exchanger: mx ? connection?.options.host : nil)
    }

    init(_ given: Target, address: String?, exchanger: String?) {
        self.given = given
        self.address = address
        self.exchanger = exchanger
    }

    /// The port; `nil` for a UNIX socket.
    var port: UInt16? {
        switch given.place {
        case .host(_, let port): port
        case .unix: nil
        }
    }

    /// The address without its port.
    var bareAddress: String? {
        guard let address, port != nil, let colon = address.lastIndex(of: ":") else { return address }
        let host = address[..<colon]
        return host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
    }
}

extension JSONWriter {
    /// Writes what was talked to.
    ///
    /// - Parameter servers: writes the servers of a target that has several; `nil` for one server.
    mutating func write(_ target: ProbeTarget, servers: ((inout JSONWriter) -> Void)? = nil) {
        object { json in
            json.member("given", "\(target.given)")
            json.member("host", target.given.host)
            json.member("port", target.port)
            json.member("address", target.bareAddress)
            json.member("mx", target.exchanger)
            json.member("protocol", target.given.scheme.rawValue)
            json.member("servers") { json in
                if let servers { json.array(servers) } else { json.null() }
            }
        }
    }
}
