import COpenSSL
import FuzzSupport
import SMTPCore

@testable import SMTPTLS

/// A certificate of a stranger has texts that can be shown, and reads the same from its own DER.
enum FuzzedCertificate {
    static func check(_ input: FuzzInput) throws {
        guard let certificate = read(input.bytes) else { return }
        // What OpenSSL reads need not be how it writes; what it wrote is.
        guard let again = read(certificate.der) else { throw FuzzFailure("the DER is not read again") }
        try expect(again == certificate, "\(certificate) is read as \(again)")
        for text in [certificate.subject, certificate.issuer] + certificate.names {
            try expect(text.utf8.allSatisfy { 0x20...0x7E ~= $0 }, "\(text) has a character that cannot be shown")
        }
        try expect(certificate.sha256.count == 32, "the digest has \(certificate.sha256.count) bytes")
        let lines = certificate.pem.utf8.split(separator: ASCII.lineFeed).dropFirst().dropLast()
        try expect(Base64.decode(Array(lines.joined())) == certificate.der, "the PEM is not the certificate")
    }

    private static func read(_ der: [UInt8]) -> PeerCertificate? {
        der.withUnsafeBufferPointer { der in
            var position = der.baseAddress
            guard let certificate = d2i_X509(nil, &position, der.count) else {
                ERR_clear_error()
                return nil
            }
            defer { X509_free(certificate) }
            return PeerCertificate(certificate)
        }
    }
}
