import ProcessSupport
import SMTPKit
import Testing

@Suite("Candidates and the race of their addresses", .timed)
struct CandidatesTests {
    private static func host(_ request: Candidates.Request) -> Candidates.Host? {
        if case .connect(let host) = request { host } else { nil }
    }

    @Test func `mail exchangers are tried in their order until one greets`() throws {
        var candidates = Candidates(.mailExchange(of: "example.org.", port: 2525))
        #expect(try candidates.next() == .exchangers(of: "example.org"))
        candidates.found(
            exchangers: .success([
                MailExchanger(preference: 20, host: "b.example"), MailExchanger(preference: 10, host: "a.example"),
                MailExchanger(preference: 30, host: "c.example"),
            ]))
        #expect(try candidates.next() == .addresses(of: "a.example"))
        candidates.found(addresses: .failure(.timedOut("a.example")))
        #expect(try candidates.next() == .addresses(of: "b.example"))
        candidates.found(addresses: .success(["192.0.2.1", "2001:db8::1"]))
        let host = try Self.host(candidates.next())
        #expect(host?.name == "b.example" && host?.port == 2525 && host?.addresses.count == 2)
        let goesOn = candidates.failed(SMTPError(.refused, stage: .greeting, reply: Reply(554, nil, "no")))
        #expect(goesOn)
        #expect(try candidates.next() == .addresses(of: "c.example"))
        candidates.found(addresses: .success(["192.0.2.2"]))
        _ = try candidates.next()
        let last = SMTPError(.refused, stage: .greeting, reply: Reply(421, nil, "no"))
        let isOver = !candidates.failed(last)
        #expect(isOver)
        let error = #expect(throws: SMTPError.self) { try candidates.next() }
        #expect(error?.reply?.code == 421)
    }

    @Test func `a failure after the greeting is final`() throws {
        var candidates = Candidates(.mailExchange(of: "[192.0.2.1]"))
        #expect(try candidates.next() == .addresses(of: "192.0.2.1"))
        candidates.found(addresses: .success(["192.0.2.1"]))
        _ = try candidates.next()
        let isOver = !candidates.failed(SMTPError(.timedOut, stage: .hello))
        #expect(isOver)
    }

    @Test(arguments: [
        ("mx.example.", "mx.example"), ("bücher.example", "xn--bcher-kva.example"),
        ("straße.example.", "xn--strae-oqa.example"),
        ("192.0.2.1", "192.0.2.1"), ("fe80::1%lo", "fe80::1%lo"),
    ])
    func `names are in ASCII and have no dot at their end`(name: String, ascii: String) throws {
        var candidates = Candidates(.host(name, port: 25))
        #expect(try candidates.next() == .addresses(of: ascii))
    }

    @Test func `a name that has no ASCII form is refused`() {
        var candidates = Candidates(.host("\u{200D}ü..example", port: 25))
        let error = #expect(throws: SMTPError.self) { try candidates.next() }
        #expect(error?.code == .notResolved)
    }

    @Test func `families alternate, and the next attempt begins after a delay or a failure`() {
        var race = AddressRace([true, true, false, false], limit: .seconds(30))
        #expect(race.next(at: .zero) == .start(0))
        #expect(race.next(at: .milliseconds(10)) == .wait(until: .milliseconds(250)))
        #expect(race.next(at: .milliseconds(250)) == .start(2))
        race.failed(2)
        #expect(race.next(at: .milliseconds(260)) == .start(1))
        #expect(race.next(at: .milliseconds(270)) == .wait(until: .milliseconds(510)))
        #expect(race.next(at: .milliseconds(510)) == .start(3))
        #expect(race.next(at: .seconds(1)) == .wait(until: nil))
        for index in [0, 1, 3] { race.failed(index) }
        #expect(race.next(at: .seconds(2)) == .exhausted)
    }

    @Test func `each address has its turn within the limit`() {
        var race = AddressRace([false, false, false], limit: .milliseconds(200))
        #expect(race.next(at: .zero) == .start(0))
        #expect(race.next(at: .milliseconds(50)) == .start(1))
        #expect(race.next(at: .milliseconds(100)) == .start(2))
    }
}
