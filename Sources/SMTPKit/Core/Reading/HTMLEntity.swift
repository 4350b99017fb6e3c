/// Characters that HTML writes by name or number: `&uuml;`, `&#252;`, `&#xFC;`.
enum HTMLEntity {
    /// The names that are usual in mail. Other entities are left as they are.
    private static let names: [String: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "shy": "", "copy": "©", "reg": "®",
        "trade": "™", "hellip": "…", "mdash": "—", "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”",
        "sbquo": "‚", "bdquo": "„", "laquo": "«", "raquo": "»", "lsaquo": "‹", "rsaquo": "›", "bull": "•",
        "middot": "·",
        "euro": "€", "pound": "£", "yen": "¥", "cent": "¢", "sect": "§", "para": "¶", "deg": "°", "plusmn": "±",
        "times": "×", "divide": "÷", "frac12": "½", "frac14": "¼", "frac34": "¾", "sup2": "²", "sup3": "³",
        "micro": "µ",
        "rarr": "→", "larr": "←", "uarr": "↑", "darr": "↓", "harr": "↔", "check": "✓", "hearts": "♥", "zwnj": "",
        "zwj": "",
        "ensp": " ", "emsp": " ", "thinsp": " ", "iexcl": "¡", "iquest": "¿", "ordf": "ª", "ordm": "º", "not": "¬",
        "auml": "ä", "ouml": "ö", "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "euml": "ë",
        "iuml": "ï", "yuml": "ÿ", "Euml": "Ë", "Iuml": "Ï", "agrave": "à", "egrave": "è", "igrave": "ì", "ograve": "ò",
        "ugrave": "ù", "Agrave": "À", "Egrave": "È", "Igrave": "Ì", "Ograve": "Ò", "Ugrave": "Ù", "aacute": "á",
        "eacute": "é", "iacute": "í", "oacute": "ó", "uacute": "ú", "yacute": "ý", "Aacute": "Á", "Eacute": "É",
        "Iacute": "Í", "Oacute": "Ó", "Uacute": "Ú", "Yacute": "Ý", "acirc": "â", "ecirc": "ê", "icirc": "î",
        "ocirc": "ô", "ucirc": "û", "Acirc": "Â", "Ecirc": "Ê", "Icirc": "Î", "Ocirc": "Ô", "Ucirc": "Û", "atilde": "ã",
        "ntilde": "ñ", "otilde": "õ", "Atilde": "Ã", "Ntilde": "Ñ", "Otilde": "Õ", "aring": "å", "Aring": "Å",
        "aelig": "æ", "AElig": "Æ", "oelig": "œ", "OElig": "Œ", "ccedil": "ç", "Ccedil": "Ç", "oslash": "ø",
        "Oslash": "Ø", "eth": "ð", "ETH": "Ð", "thorn": "þ", "THORN": "Þ", "scaron": "š", "Scaron": "Š",
    ]

    /// Reads the entity after the `&` at the index, and moves the index to its end.
    ///
    /// - Returns: `nil` when there is no entity.
    static func read(_ scalars: [Unicode.Scalar], _ index: inout Int) -> String? {
        let window = scalars[index..<min(index + 12, scalars.count)]
        guard let end = window.firstIndex(of: ";") else { return nil }
        let name = String(String.UnicodeScalarView(scalars[index..<end]))
        guard let text = text(of: name) else { return nil }
        index = end + 1
        return text
    }

    /// A text with its entities read.
    static func decode(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let scalars = Array(text.unicodeScalars)
        var decoded = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if scalar == "&", let character = read(scalars, &index) {
                decoded.append(contentsOf: character.unicodeScalars)
            } else {
                decoded.append(scalar)
            }
        }
        return String(decoded)
    }

    private static func text(of name: String) -> String? {
        guard name.hasPrefix("#") else { return names[name] }
        let isHex = name.hasPrefix("#x") || name.hasPrefix("#X")
        guard let number = UInt32(name.dropFirst(isHex ? 2 : 1), radix: isHex ? 16 : 10) else { return nil }
        return Unicode.Scalar(number).map { String(Character($0)) } ?? "\u{FFFD}"
    }
}
