import CommandLineSupport
import SMTPKit

extension ConnectionOptions {
    /// How long to wait, stage by stage.
    var timeouts: ClientTimeouts {
        var timeouts = timeout.map { ClientTimeouts(all: $0) } ?? ClientTimeouts()
        timeouts.connect = connectTimeout
        return timeouts
    }

    /// Which addresses are used.
    var family: Resolver.Family { usesIPv4Only ? .ipv4 : usesIPv6Only ? .ipv6 : .any }
}
