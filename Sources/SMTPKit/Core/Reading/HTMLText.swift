/// The text that HTML shows, for those who have no browser: one pass, no layout, no styles.
///
/// It is for reading, and not for anything that has to be safe from HTML: the result is plain text.
package struct HTMLText {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var output = String.UnicodeScalarView()
    /// Line ends that are due before the next visible character.
    private var dueBreaks = 0
    private var hasDueSpace = false
    private var preDepth = 0
    private var links: [String] = []
    /// The element that is not displayed, if the index is in one, and how many of its name are open.
    private var hidden: (name: String, depth: Int)?
    /// Set when there is no further `>`: what looks like a tag is text from there on.
    private var isOutOfTags = false

    private static let longestQuote = 1024
    /// The most characters that are read.
    private static let longestDocument = 524_288

    /// The text of a document or a part of one. What goes on for more than half a million characters is cut.
    package static func text(of html: String) -> String {
        var reader = HTMLText(scalars: Array(html.unicodeScalars.prefix(longestDocument)))
        reader.read()
        return String(reader.output)
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private mutating func read() {
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == "<", !isOutOfTags, readTag() { continue }
            index += 1
            if scalar == "&", let character = HTMLEntity.read(scalars, &index) {
                for scalar in character.unicodeScalars { put(scalar) }
            } else {
                put(scalar)
            }
        }
        if !output.isEmpty { output.append("\n") }
    }

    // MARK: Text

    private mutating func put(_ scalar: Unicode.Scalar) {
        guard hidden == nil else { return }
        guard preDepth == 0, scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" else {
            if preDepth > 0, scalar == "\n" {
                dueBreaks += 1
                return
            }
            return show(scalar)
        }
        hasDueSpace = true
    }

    private mutating func show(_ scalar: Unicode.Scalar) {
        if dueBreaks > 0 {
            if !output.isEmpty { output.append(contentsOf: repeatElement("\n", count: min(dueBreaks, 2))) }
        } else if hasDueSpace, !output.isEmpty {
            output.append(" ")
        }
        dueBreaks = 0
        hasDueSpace = false
        output.append(scalar)
    }

    private mutating func show(_ text: String) {
        for scalar in text.unicodeScalars { show(scalar) }
    }

    /// A line end, or an empty line, before whatever comes next.
    private mutating func breakLine(_ count: Int = 1) { dueBreaks = max(dueBreaks, count) }

    // MARK: Tags

    /// Reads a tag, a comment or a declaration.
    ///
    /// - Returns: whether it was one.
    private mutating func readTag() -> Bool {
        guard index + 1 < scalars.count else { return false }
        let next = scalars[index + 1]
        if next == "!", index + 3 < scalars.count, scalars[index + 2] == "-", scalars[index + 3] == "-" {
            skip(behind: "-->", from: index + 4)
            return true
        }
        guard next == "!" || next == "?" || next == "/" || isLetter(next) else { return false }
        guard let end = endOfTag(from: index + 1) else {
            isOutOfTags = true
            return false
        }
        let tag = scalars[(index + 1)..<end]
        index = end + 1
        let isEnd = tag.first == "/"
        let name = String(String.UnicodeScalarView(tag.dropFirst(isEnd ? 1 : 0).prefix(while: isNameScalar)))
            .lowercased()
        act(on: name, isEnd: isEnd, attributes: tag)
        return true
    }

    /// The `>` of a tag, beyond quoted values.
    private func endOfTag(from start: Int) -> Int? {
        var quote: Unicode.Scalar?
        // A quote that is not closed soon is no quote.
        let limit = min(scalars.count, start + Self.longestQuote)
        for position in start..<limit {
            let scalar = scalars[position]
            if let open = quote {
                if scalar == open { quote = nil }
            } else if scalar == ">" {
                return position
            } else if (scalar == "\"" || scalar == "'") && position > start && scalars[position - 1] == "=" {
                quote = scalar
            }
        }
        return scalars[start...].firstIndex(of: ">")
    }

    private mutating func act(on name: String, isEnd: Bool, attributes: ArraySlice<Unicode.Scalar>) {
        if name != "script", name != "style", isHidden(name, isEnd: isEnd, attributes: attributes) { return }
        switch name {
        case "script", "style", "title":
            if !isEnd { skip(behind: "</\(name)", from: index) }
        case "br": dueBreaks += 1
        case "p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "ul", "ol", "dl": breakLine(2)
        case "pre":
            breakLine(2)
            preDepth = isEnd ? max(0, preDepth - 1) : preDepth + 1
        case "div", "tr", "dt", "dd", "section", "article", "header", "footer", "center", "form", "address":
            breakLine()
        case "li":
            breakLine()
            if !isEnd { show("- ") }
        case "hr":
            breakLine()
            show("----")
            breakLine()
        case "td", "th": hasDueSpace = true
        case "a": isEnd ? endLink() : beginLink(Self.attribute("href", attributes))
        case "img":
            if let text = Self.attribute("alt", attributes), !text.isEmpty { show("[\(text)]") }
        case _: break
        }
    }

    /// Whether a tag is in an element with `display:none`, as newsletters have for their previews, or begins or ends
    /// one.
    private mutating func isHidden(_ name: String, isEnd: Bool, attributes: ArraySlice<Unicode.Scalar>) -> Bool {
        if let element = hidden {
            guard name == element.name else { return true }
            let depth = element.depth + (isEnd ? -1 : 1)
            hidden = depth == 0 ? nil : (name, depth)
            return true
        }
        guard !isEnd, let style = Self.attribute("style", attributes),
            style.filter({ !$0.isWhitespace }).lowercased().contains("display:none")
        else { return false }
        // These have no content, and no end tag.
        if !["img", "br", "hr", "input", "meta", "link"].contains(name) { hidden = (name, 1) }
        return true
    }

    private mutating func beginLink(_ address: String?) {
        if links.count < 100 { links.append(address ?? "") }
    }

    private mutating func endLink() {
        guard let address = links.popLast(), address.hasPrefix("http"), address.utf8.count <= 200 else { return }
        // An address that is its own text is not said twice.
        guard !String(output.suffix(address.unicodeScalars.count)).elementsEqual(address) else { return }
        hasDueSpace = true
        show("<\(address)>")
    }

    /// Continues after a text, whatever its case, and after the `>` that follows; without one, at the end.
    private mutating func skip(behind text: String, from start: Int) {
        let wanted = Array(text.unicodeScalars)
        var position = start
        while position + wanted.count <= scalars.count {
            let isThere = wanted.indices.allSatisfy { offset in
                let scalar = scalars[position + offset]
                return scalar == wanted[offset]
                    || (isLetter(scalar) && scalar.value | 0x20 == wanted[offset].value)
            }
            if isThere {
                position += wanted.count
                if text.hasSuffix(">") {
                    index = position
                } else {
                    index = scalars[position...].firstIndex(of: ">").map { $0 + 1 } ?? scalars.count
                }
                return
            }
            position += 1
        }
        index = scalars.count
    }

    /// The value of an attribute, with its entities read.
    private static func attribute(_ name: String, _ tag: ArraySlice<Unicode.Scalar>) -> String? {
        let text = String(String.UnicodeScalarView(tag))
        let lowered = text.lowercased()
        guard lowered.utf8.count == text.utf8.count, let range = lowered.firstRange(of: "\(name)=") else { return nil }
        let offset = lowered.utf8.distance(from: lowered.startIndex, to: range.upperBound)
        let rest = text.utf8.dropFirst(offset)
        let value: Substring.UTF8View
        if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            value = rest.dropFirst().prefix { $0 != quote }
        } else {
            value = rest.prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") }
        }
        return HTMLEntity.decode(String(Substring(value)))
    }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && ASCII.isLetter(UInt8(truncatingIfNeeded: scalar.value))
    }

    private func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        isLetter(scalar) || (scalar.isASCII && ASCII.isDigit(UInt8(truncatingIfNeeded: scalar.value)))
    }
}
