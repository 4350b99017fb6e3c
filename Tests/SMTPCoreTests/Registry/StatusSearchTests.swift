import ProcessSupport
import SMTPCore
import Testing

@Suite("Word search", .timed)
struct StatusSearchTests {
    private func codes(_ words: String...) -> [String] {
        StatusRegistry.search(words).compactMap { hit in
            switch hit {
            case .condition(let row): row.condition.description
            case .replyCode(let row): String(row.number)
            case .provider: nil
            }
        }
    }

    @Test func `all words have to occur, in any case and order`() {
        #expect(codes("null", "mx") == ["X.1.10", "X.7.27", "556"])
        #expect(codes("MX NULL") == ["X.1.10", "X.7.27", "556"])
        #expect(codes("null", "zebra").isEmpty)
    }

    @Test func `RFC numbers are searched`() {
        #expect(codes("RFC 8689") == ["X.7.10", "X.7.30"])
        #expect(codes("8617") == ["X.7.29"])
    }

    @Test func `codes themselves are searched`() {
        #expect(codes("X.7.30") == ["X.7.30"])
    }

    @Test func `no words find nothing`() {
        #expect(codes().isEmpty && codes("").isEmpty && codes(" \t").isEmpty)
    }

    @Test func `providers' meanings are searched, of one provider if asked`() {
        let all = StatusRegistry.search(["spamhaus"])
        #expect(all.contains { if case .provider = $0 { true } else { false } })
        let apple = StatusRegistry.search(["spamhaus"], from: StatusRegistry.providers(named: "apple"))
        #expect(apple.allSatisfy { if case .provider(let row) = $0 { row.provider.id == "apple" } else { true } })
    }
}
