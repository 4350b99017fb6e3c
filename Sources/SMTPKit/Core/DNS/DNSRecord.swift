/// A resource record of an answer.
///
///     mx.example. 300 IN TLSA 3 1 1 0C72AC70…
///
/// - SeeAlso: RFC 1035, section 3.2.1.
package struct DNSRecord: Hashable, Sendable {
    /// The record types that are read.
    package enum Kind: UInt16, Hashable, Sendable, CaseIterable {
        case a = 1
        case cname = 5
        case ptr = 12
        case mx = 15
        case txt = 16
        case aaaa = 28
        case tlsa = 52
    }

    /// The content of a record.
    package enum Data: Hashable, Sendable {
        /// The address of an A or AAAA record, as text.
        case address(String)
        /// The name in a CNAME or PTR record, without the dot at its end.
        case name(String)
        /// The preference and the host of an MX record. The root is the empty name.
        case mailExchanger(preference: UInt16, host: String)
        /// The strings of a TXT record, joined.
        case text([UInt8])
        /// The fields of a TLSA record (RFC 6698, section 2.1).
        case association(usage: UInt8, selector: UInt8, matching: UInt8, data: [UInt8])
    }

    /// The name that the record belongs to, without the dot at its end.
    package let name: String
    /// The type of the record.
    package let kind: Kind
    /// The content.
    package let data: Data

    /// Makes a record.
    package init(name: String, kind: Kind, data: Data) {
        self.name = name
        self.kind = kind
        self.data = data
    }
}

extension DNSRecord.Kind: CustomStringConvertible {
    /// `TLSA`.
    package var description: String {
        switch self {
        case .a: "A"
        case .cname: "CNAME"
        case .ptr: "PTR"
        case .mx: "MX"
        case .txt: "TXT"
        case .aaaa: "AAAA"
        case .tlsa: "TLSA"
        }
    }
}
