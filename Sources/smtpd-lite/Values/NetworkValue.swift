import CommandLineSupport
import SMTPKit

/// Networks on the command line.
enum NetworkValue {
    /// Parses a network.
    static func parse(_ text: String) throws -> CIDRBlock {
        guard let block = CIDRBlock(text) else {
            throw ValueError("an IP address or a network is wanted, such as 127.0.0.1, 10.0.0.0/8 or 2001:db8::/32")
        }
        return block
    }
}
