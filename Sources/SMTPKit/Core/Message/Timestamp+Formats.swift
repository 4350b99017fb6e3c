/// The ways to write a moment. All of them are in UTC, and all of them hold the years to 0 to 9999.
extension Timestamp {
    /// The date-time of header fields: `Sun, 22 Nov 2026 15:00:00 +0000`.
    ///
    /// - SeeAlso: RFC 5322, section 3.3; RFC 5321, section 4.4, asks for the numeric zone.
    public var internetDate: String { text { appendInternetDate(to: &$0) } }

    /// The form of the C library's `asctime`, always 24 characters: `Sun Nov 22 15:00:00 2026`.
    ///
    /// The day is padded with a blank. This is what the `From ` line of an mbox ends with.
    ///
    /// - SeeAlso: RFC 4155, appendix A.
    public var asctime: String { text { appendAsctime(to: &$0) } }

    /// ISO 8601 with milliseconds, which are cut off, not rounded: `2026-11-22T15:00:00.000Z`.
    ///
    /// - SeeAlso: RFC 3339, section 5.6.
    public var iso8601: String { text { appendISO8601(to: &$0) } }

    /// Appends ``internetDate``.
    func appendInternetDate(to output: inout [UInt8]) {
        let time = CivilTime(self)
        output.appendName(time.weekday, of: Self.weekdays)
        output.append(UInt8(ascii: ","))
        output.append(ASCII.space)
        // RFC 5322 allows one digit; two keep the field at one width.
        output.append(twoDigits: time.day)
        output.append(ASCII.space)
        output.appendName(time.month - 1, of: Self.months)
        output.append(ASCII.space)
        output.append(fourDigits: time.year)
        output.append(ASCII.space)
        output.append(clock: time)
        output.append(text: " +0000")
    }

    /// Appends ``asctime``.
    func appendAsctime(to output: inout [UInt8]) {
        let time = CivilTime(self)
        output.appendName(time.weekday, of: Self.weekdays)
        output.append(ASCII.space)
        output.appendName(time.month - 1, of: Self.months)
        output.append(ASCII.space)
        output.append(time.day < 10 ? ASCII.space : UInt8(ascii: "0") + UInt8(time.day / 10))
        output.append(UInt8(ascii: "0") + UInt8(time.day % 10))
        output.append(ASCII.space)
        output.append(clock: time)
        output.append(ASCII.space)
        output.append(fourDigits: time.year)
    }

    /// Appends ``iso8601``.
    func appendISO8601(to output: inout [UInt8]) {
        let time = CivilTime(self)
        output.append(fourDigits: time.year)
        output.append(UInt8(ascii: "-"))
        output.append(twoDigits: time.month)
        output.append(UInt8(ascii: "-"))
        output.append(twoDigits: time.day)
        output.append(UInt8(ascii: "T"))
        output.append(clock: time)
        output.append(ASCII.dot)
        let milliseconds = min(Int(nanoseconds / 1_000_000), 999)
        output.append(UInt8(ascii: "0") + UInt8(milliseconds / 100))
        output.append(twoDigits: milliseconds % 100)
        output.append(UInt8(ascii: "Z"))
    }

    private func text(_ write: (inout [UInt8]) -> Void) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(32)
        write(&octets)
        return String(decoding: octets, as: UTF8.self)
    }

    /// Three letters each, so that a name is found by its number alone.
    private static let weekdays: StaticString = "SunMonTueWedThuFriSat"
    private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
}

extension [UInt8] {
    fileprivate mutating func append(twoDigits number: Int) {
        append(UInt8(ascii: "0") + UInt8(number / 10))
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    fileprivate mutating func append(fourDigits number: Int) {
        append(twoDigits: number / 100)
        append(twoDigits: number % 100)
    }

    fileprivate mutating func append(clock time: CivilTime) {
        append(twoDigits: time.hour)
        append(UInt8(ascii: ":"))
        append(twoDigits: time.minute)
        append(UInt8(ascii: ":"))
        append(twoDigits: time.second)
    }

    fileprivate mutating func appendName(_ index: Int, of names: StaticString) {
        names.withUTF8Buffer { append(contentsOf: $0[index * 3..<index * 3 + 3]) }
    }
}
