extension Timestamp {
    /// Reads `2014-04-03T23:01:00Z` or `2014-04-03T23:01:00.5+02:00`.
    ///
    /// - Returns: `nil` if it is written otherwise, or if there is no such moment. A leap second counts as the second
    ///   after it.
    /// - SeeAlso: RFC 3339, section 5.6.
    init?(internetDateTime text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        func number(_ digits: Int, _ range: ClosedRange<Int>) -> Int? {
            let part = rest.prefix(digits)
            guard part.count == digits, part.allSatisfy(ASCII.isDigit) else { return nil }
            rest = rest.dropFirst(digits)
            let value = part.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            return range ~= value ? value : nil
        }
        func mark(_ octets: UInt8...) -> Bool { rest.popFirst().map { octets.contains(ASCII.uppercased($0)) } ?? false }

        guard let year = number(4, 0...9999), mark(UInt8(ascii: "-")), let month = number(2, 1...12),
            mark(UInt8(ascii: "-")), let day = number(2, 1...Self.days(of: month, in: year)), mark(UInt8(ascii: "T")),
            let hour = number(2, 0...23), mark(UInt8(ascii: ":")), let minute = number(2, 0...59),
            mark(UInt8(ascii: ":")), let second = number(2, 0...60)
        else { return nil }
        var nanoseconds: UInt32 = 0
        if rest.first == ASCII.dot {
            let fraction = rest.dropFirst().prefix(while: ASCII.isDigit)
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
            for index in 0..<9 {
                let digit = index < fraction.count ? fraction[fraction.startIndex + index] - UInt8(ascii: "0") : 0
                nanoseconds = nanoseconds * 10 + UInt32(digit)
            }
        }
        guard let sign = rest.popFirst() else { return nil }
        var offset = 0
        if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
            guard let hours = number(2, 0...23), mark(UInt8(ascii: ":")), let minutes = number(2, 0...59) else {
                return nil
            }
            offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -60 : 60)
        } else {
            guard ASCII.uppercased(sign) == UInt8(ascii: "Z") else { return nil }
        }
        guard rest.isEmpty else { return nil }
        let secondOfDay = (hour * 60 + minute) * 60 + second - offset
        let seconds = Self.daysSince1970(year, month, day) * 86_400 + secondOfDay
        self.init(seconds: Int64(seconds), nanoseconds: nanoseconds)
    }

    private static func days(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        case _: 31
        }
    }

    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        // Years are counted from 1 March, as in `CivilTime`, and one cycle of 400 of them more than there were.
        let years = year + 400 - (month < 3 ? 1 : 0)
        let monthFromMarch = (month + 9) % 12
        let leapDays = years / 4 - years / 100 + years / 400
        return years * 365 + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468 - 146_097
    }
}
