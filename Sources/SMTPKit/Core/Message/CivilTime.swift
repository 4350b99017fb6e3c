/// A moment taken apart by the Gregorian calendar, in UTC.
///
/// Every format that is written here has room for four digits of the year, so the years are held to
/// 0 to 9999: an earlier or later moment becomes the first or the last of that range.
struct CivilTime: Hashable {
    /// 0 to 9999.
    let year: Int
    /// 1 to 12.
    let month: Int
    /// 1 to 31.
    let day: Int
    /// Days since Sunday, 0 to 6.
    let weekday: Int
    /// 0 to 23.
    let hour: Int
    /// 0 to 59.
    let minute: Int
    /// 0 to 59: leap seconds are left out.
    let second: Int

    /// Takes a moment apart.
    init(_ timestamp: Timestamp) {
        let seconds = Int(min(max(timestamp.seconds, Self.first), Self.last))
        let days = (seconds - Self.firstSecond) / 86_400
        let secondOfDay = (seconds - Self.firstSecond) % 86_400
        hour = secondOfDay / 3600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        // 1 January of the year 0 was a Saturday.
        weekday = (days + 6) % 7

        // Years are counted from 1 March, which puts the leap day at their end. 60 days lie between
        // 1 January and 1 March of the year 0; the 306 before that belong to the year -1, and a whole
        // cycle of 400 years is added so that nothing goes below zero.
        let shifted = days - 60 + Self.daysInCycle
        let cycle = shifted / Self.daysInCycle
        let dayOfCycle = shifted % Self.daysInCycle
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        // From March on the lengths of months repeat every five, which make 153 days.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = (cycle - 1) * 400 + yearOfCycle + (month < 3 ? 1 : 0)
    }

    private static let daysInCycle = 146_097
    /// 0000-01-01T00:00:00Z.
    private static let firstSecond = -62_167_219_200
    private static let first = Int64(firstSecond)
    /// 9999-12-31T23:59:59Z.
    private static let last: Int64 = 253_402_300_799
}
