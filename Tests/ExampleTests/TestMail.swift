/// Messages that are hard to pass on unharmed.
enum TestMail {
    /// The last line of each message. It appears nowhere else.
    static let end = "-- the end --"

    /// A message with LF line ends, different for each number.
    static func text(_ number: Int) -> String {
        """
        From: Joe <joe@example.org>
        To: ann@example.net
        Date: Sun, 1 Nov 2026 12:00:00 +0000
        Message-Id: <\(number)@example.org>
        Subject: Message \(number)
        X-Folded: one
        \ttwo

        From the start of a line
        >From quoted already
        .
        ..
        .dot \(number)
        \(String(repeating: "x", count: 1 + number * 4))
        Grüße, 日本
        trailing blanks \t 

        \(String(repeating: "A line of a longer message.\n", count: number * number % 997))\(end)

        """
    }
}
