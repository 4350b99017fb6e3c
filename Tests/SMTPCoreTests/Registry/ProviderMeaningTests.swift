import ProcessSupport
import SMTPCore
import Testing

@Suite("Provider meanings", .timed)
struct ProviderMeaningTests {
    private func meanings(_ line: String, _ provider: String? = nil) throws -> [ProviderMeaning] {
        let pick = try #require(CodePicker.pick(in: line))
        return StatusRegistry.providerMeanings(
            pick.reply,
            pick.status,
            in: (try? CodeQuery(exactly: line)) == nil ? line : "",
            from: provider.map(StatusRegistry.providers(named:))
        )
    }

    @Test(arguments: [
        ("gmail", ["Gmail"]), ("GMAIL", ["Gmail"]), ("google", ["Gmail"]),
        ("microsoft", ["Microsoft 365", "Exchange Server", "Outlook.com"]), ("yahoo", ["Yahoo"]), ("nobody", []),
        ("orange", ["Orange", "Orange and La Poste"]), ("Microsoft 365", ["Microsoft 365"]),
    ])
    func `a provider goes by several words`(word: String, names: [String]) {
        #expect(StatusRegistry.providers(named: word).map(\.name) == names)
    }

    @Test func `the tag is matched before the phrase and the code`() throws {
        let rows = try meanings("421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred")
        #expect(rows.map(\.tag) == ["TSS04"])
        let family = try meanings("421 4.7.0 [TSS77] Messages from 192.0.2.1 temporarily deferred")
        #expect(family.map(\.tag) == ["TSS*"])
    }

    @Test func `a tag is a word of its own`() throws {
        #expect(try meanings("550 5.7.1 id XS3150Y refused").isEmpty)
        #expect(try meanings("550 5.7.1 on our block list (S3150)").map(\.tag) == ["S3150"])
    }

    @Test func `the phrase is matched before the code, and the code of a row has to fit`() throws {
        let rows = try meanings("550 5.7.26 ... the sender is unauthenticated - gsmtp")
        #expect(rows.map(\.phrase) == ["unauthenticated"])
        #expect(rows.first?.first?.description == "5.7.26")
        #expect(try meanings("421 4.7.26 unauthenticated - gsmtp").first?.first?.description == "4.7.26")
    }

    @Test func `a range covers the codes between its ends`() throws {
        for code in ["5.7.606", "5.7.630", "5.7.649"] {
            #expect(try meanings(code, "microsoft").map { $0.last?.description } == ["5.7.649"])
        }
        #expect(try meanings("5.7.650", "microsoft").isEmpty)
        #expect(try meanings("5.7.605", "microsoft").isEmpty)
    }

    @Test func `an exact code is preferred to a range`() throws {
        #expect(try meanings("4.7.500", "microsoft").allSatisfy { $0.last == nil })
    }

    @Test func `all rows of a code are shown when nothing tells them apart`() throws {
        #expect(try meanings("4.7.0", "gmail").count >= 8)
        #expect(try meanings("421 4.7.0 very low reputation of the sending domain", "gmail").count == 1)
    }

    @Test func `a provider is recognised by the host that it names, not by an address`() throws {
        let line =
            "dsn=4.7.28, status=deferred (host gmail-smtp-in.l.google.com[192.0.2.3] said: 421-4.7.28 unusual rate"
        #expect(try meanings(line).map(\.provider.name) == ["Gmail"])
        #expect(try meanings("from=<someone@gmail.com> said: 421 4.7.28 unusual rate").isEmpty)
    }

    @Test func `a bare code recognises nobody`() throws {
        #expect(try meanings("5.7.1").isEmpty)
        #expect(try meanings("550 5.7.26").isEmpty)
    }

    @Test func `the rows of one provider keep to that provider`() {
        for provider in StatusRegistry.providers {
            for row in StatusRegistry.providerMeanings where row.provider == provider {
                guard let status = row.first else { continue }
                let found = StatusRegistry.providerMeanings(row.reply, status, in: "", from: [provider])
                #expect(!found.isEmpty && found.allSatisfy { $0.provider == provider && $0.covers(status) })
            }
        }
    }
}
