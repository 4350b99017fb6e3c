/// The value of a field such as `Content-Type`: a word, and parameters after it.
///
///     Content-Disposition: attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf
///
/// Reading is lenient: values need no quotes, and parameters that are not understood are ignored. Comments are skipped.
///
/// - SeeAlso: RFC 2045, section 5.1; RFC 2231.
package struct ParameterizedValue {
    /// The most parameters that are read.
    private static let mostParameters = 64

    /// The word, in lower case: `text/plain`.
    package private(set) var value: String
    private var parameters: [(name: String, octets: [UInt8])] = []
    private let sets: CharacterSets

    /// Reads a value.
    package init(_ octets: [UInt8], _ sets: CharacterSets) {
        self.sets = sets
        var tokens = ParameterTokens(octets)
        value = Self.text(tokens.word()).lowercased()
        while parameters.count < Self.mostParameters, let parameter = tokens.parameter() {
            parameters.append((Self.text(parameter.name).lowercased(), parameter.value))
        }
    }

    /// The text of a parameter, whichever of the ways of RFC 2231 it is written in.
    package func parameter(_ name: String) -> String? {
        if let extended = first("\(name)*") { return decodeExtended(extended, isFirst: true).text(sets) }
        if let plain = first(name) {
            // RFC 2047 forbids it here, and many do it.
            return EncodedWords(sets).decode(plain)
        }
        return continued(name)?.text(sets)
    }

    /// The boundary of a multipart, byte by byte: it is not text, and may look like an encoded word.
    ///
    /// - SeeAlso: RFC 2046, section 5.1.1.
    package var boundary: [UInt8]? {
        let octets =
            first("boundary") ?? first("boundary*").map { decodeExtended($0, isFirst: true).octets }
            ?? continued("boundary")?.octets
        // It never ends with a blank, for blanks may be added to a line on its way.
        guard let end = octets?.lastIndex(where: { $0 > ASCII.space }) else { return nil }
        return octets.map { Array($0[...end]) }
    }

    private func first(_ name: String) -> [UInt8]? { parameters.first { $0.name == name }?.octets }

    /// RFC 2231, sections 3 and 4.1: parts `name*0`, `name*1*`, …
    private func continued(_ name: String) -> Extended? {
        var whole = Extended(set: nil, octets: [])
        for number in 0..<Self.mostParameters {
            if let part = first("\(name)*\(number)*") {
                let part = decodeExtended(part, isFirst: number == 0)
                if number == 0 { whole.set = part.set }
                whole.octets += part.octets
            } else if let part = first("\(name)*\(number)") {
                whole.octets += part
            } else {
                guard number > 0 else { return nil }
                break
            }
        }
        return whole
    }

    private struct Extended {
        var set: String?
        var octets: [UInt8]

        func text(_ sets: CharacterSets) -> String { sets.text(octets, in: set) }
    }

    /// RFC 2231, section 4: `charset'language'text`, with bytes as `%C3`.
    private func decodeExtended(_ octets: [UInt8], isFirst: Bool) -> Extended {
        var set: String?
        var text = octets[...]
        if isFirst {
            let parts = octets.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3 {
                set = Self.text(parts[0])
                text = parts[2]
            }
        }
        var decoded: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%"), index + 2 < text.endIndex,
                let high = ASCII.hexValue(text[index + 1]), let low = ASCII.hexValue(text[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(text[index])
                index += 1
            }
        }
        return Extended(set: set, octets: decoded)
    }

    private static func text(_ octets: some Collection<UInt8>) -> String { String(decoding: octets, as: UTF8.self) }
}
