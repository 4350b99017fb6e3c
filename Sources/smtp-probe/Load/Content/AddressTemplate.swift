import CommandLineSupport
import SMTPKit

/// An address in which `%n` is replaced by a number: `user%n@example.org`.
struct AddressTemplate: Hashable, Sendable {
    /// The address with a word in place of each `%n` that no other address has.
    private let path: ReversePath
    /// Whether it has a number.
    let isNumbered: Bool

    /// The placeholder of the number while the address is parsed; it may be in a local part and in a domain.
    private static let mark = "x7n1x9n7x"

    /// Reads an address.
    ///
    /// - Throws: ``CommandLineSupport/ValueError`` when it is none.
    static func parse(_ text: String) throws -> AddressTemplate {
        do {
            return AddressTemplate(path: try HeaderAddress.parse(text.replacing("%n", with: mark)).path)
        } catch let error as ValueError {
            throw ValueError(error.description.replacing(mark, with: "%n"))
        }
    }

    /// Makes a template of a path that has no number.
    init(path: ReversePath) {
        self.path = path
        isNumbered = if case .mailbox(let mailbox) = path { "\(mailbox)".contains(Self.mark) } else { false }
    }

    /// Makes the address of the tool itself, `load@host.example`, perhaps with a number.
    init(ownName: String, isNumbered: Bool) {
        let domain = ownName.hasPrefix("[") ? Domain.literal(ownName) : .name(ownName)
        path = .mailbox(Mailbox(localPart: isNumbered ? "load\(Self.mark)" : "load", domain: domain))
        self.isNumbered = isNumbered
    }

    /// Whether it is the null sender.
    var isNull: Bool { path == .null }

    /// Returns the address with a number.
    func path(_ number: Int) -> ReversePath {
        guard case .mailbox(let mailbox) = path else { return path }
        let domain: Domain =
            switch mailbox.domain {
            case .name(let name): .name(name.replacing(Self.mark, with: "\(number)"))
            case .literal(let text): .literal(text.replacing(Self.mark, with: "\(number)"))
            }
        return .mailbox(
            Mailbox(localPart: mailbox.localPart.replacing(Self.mark, with: "\(number)"), domain: domain))
    }

    /// Returns the address of a recipient with a number.
    func recipient(_ number: Int) -> Envelope.Recipient {
        guard let path = HeaderAddress(path: path(number)).forwardPath else {
            preconditionFailure("a null recipient is refused with the command line")
        }
        return Envelope.Recipient(path)
    }
}
