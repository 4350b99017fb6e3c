import ProcessSupport
import SMTPCore
import Testing

@Suite("Date formats", .timed)
struct TimestampFormatsTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 +0000", "Thu Jan  1 00:00:00 1970"),
        (1_795_359_600, "Sun, 22 Nov 2026 15:00:00 +0000", "Sun Nov 22 15:00:00 2026"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000", "Mon Feb 28 23:59:59 2000"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000", "Tue Feb 29 00:00:00 2000"),
        (951_868_800, "Wed, 01 Mar 2000 00:00:00 +0000", "Wed Mar  1 00:00:00 2000"),
        (-2_203_891_200, "Thu, 01 Mar 1900 00:00:00 +0000", "Thu Mar  1 00:00:00 1900"),
        (-2_203_891_201, "Wed, 28 Feb 1900 23:59:59 +0000", "Wed Feb 28 23:59:59 1900"),
        (-1, "Wed, 31 Dec 1969 23:59:59 +0000", "Wed Dec 31 23:59:59 1969"),
        (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 +0000", "Tue Jan 19 03:14:08 2038"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 +0000", "Fri Dec 31 23:59:59 9999"),
        (-62_167_219_200, "Sat, 01 Jan 0000 00:00:00 +0000", "Sat Jan  1 00:00:00 0000"),
    ])
    func `known moments are written as the calendar has them`(seconds: Int64, date: String, asctime: String) {
        let moment = Timestamp(seconds: seconds)
        #expect(moment.internetDate == date)
        #expect(moment.asctime == asctime)
        #expect(moment.asctime.utf8.count == 24)
    }

    @Test(arguments: [
        (0, "2026-11-22T15:00:00.000Z"), (999_999, "2026-11-22T15:00:00.000Z"),
        (1_000_000, "2026-11-22T15:00:00.001Z"), (999_999_999, "2026-11-22T15:00:00.999Z"),
        (UInt32.max, "2026-11-22T15:00:00.999Z"),
    ])
    func `milliseconds are cut off`(nanoseconds: UInt32, text: String) {
        #expect(Timestamp(seconds: 1_795_359_600, nanoseconds: nanoseconds).iso8601 == text)
    }

    @Test(arguments: [(Int64.min, "0000-01-01T00:00:00.000Z"), (Int64.max, "9999-12-31T23:59:59.000Z")])
    func `a moment beyond four digits of the year becomes the nearest`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).iso8601 == text)
    }

    @Test
    func `every day of a whole cycle follows the one before`() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var (year, month, day, weekday) = (1601, 1, 1, 1)
        let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        var mismatches: [String] = []
        for days in -134_774..<(-134_774 + 146_097) {
            let text = Timestamp(seconds: Int64(days) * 86_400).iso8601.prefix(10)
            let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
            let expected = "\(year)-\(two(month))-\(two(day))"
            let name = Timestamp(seconds: Int64(days) * 86_400).asctime.prefix(3)
            if text != expected || name != names[weekday] { mismatches.append("\(days): \(text) \(name)") }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            weekday = (weekday + 1) % 7
            day += 1
            if day > lengths[month - 1] + (month == 2 && isLeap ? 1 : 0) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(mismatches.isEmpty)
    }
}
