/// Reads the parameters after a path.
///
///     C: MAIL FROM:<a@example.org> SIZE=1000 BODY=8BITMIME
///                                  ^^^^^^^^^^^^^^^^^^^^^^^
///
/// - SeeAlso: RFC 5321, section 4.1.2, `esmtp-param`.
enum ParameterParser {
    /// Reads everything from `position` to the end of the line: spaces and parameters in turn.
    static func parse(
        _ line: Span<UInt8>, from position: Int, policy: SyntaxPolicy
    ) throws(SyntaxError) -> [ESMTPParameter] {
        // RFC 5321, section 4.1.1: trailing white space is to be tolerated.
        let end = line.endWithoutTrailingSpaces
        var parameters: [ESMTPParameter] = []
        var position = position
        while position < end {
            guard line[position] == ASCII.space else { throw .unexpectedArgument }
            position = policy == .lenient ? line.skippingSpaces(from: position) : position + 1
            let parameter = try parseOne(line, at: &position, end: end)
            guard !parameters.contains(where: { $0.keyword == parameter.keyword }) else { throw .duplicateParameter }
            parameters.append(parameter)
        }
        return parameters
    }

    private static func parseOne(
        _ line: Span<UInt8>, at position: inout Int, end: Int
    ) throws(SyntaxError) -> ESMTPParameter {
        let start = position
        while position < end, ASCII.isKeyword(line[position], isFirst: position == start) { position += 1 }
        guard position > start else { throw .invalidParameter }
        let keyword = String(copying: line.extracting(start..<position))
        guard position < end, line[position] == UInt8(ascii: "=") else {
            guard position == end || line[position] == ASCII.space else { throw .invalidParameter }
            return ESMTPParameter(keyword)
        }
        position += 1
        let valueStart = position
        // `esmtp-value`: anything but "=", space and control characters. RFC 6531 adds UTF-8.
        while position < end, line[position] > ASCII.space, line[position] != UInt8(ascii: "="), line[position] != 0x7F
        {
            position += 1
        }
        guard position > valueStart, position == end || line[position] == ASCII.space else { throw .invalidParameter }
        return ESMTPParameter(keyword, String(copying: line.extracting(valueStart..<position)))
    }
}
