import ProcessSupport
import Testing

@Suite("Linkage of readline", .blocking)
struct LinkageTests {
    private static func needed(by tool: String) throws -> String {
        let run = try ChildProcess.run(["readelf", "-d", BuiltTool.path(tool)])
        try #require(run.status == 0, "\(run.errors)")
        return run.output
    }

    @Test func `smtp-probe links it`() throws {
        #expect(try Self.needed(by: "smtp-probe").contains("libreadline"))
    }

    @Test(arguments: ["smtpd-lite", "smtp-codes"])
    func `no other tool does`(tool: String) throws {
        #expect(try !Self.needed(by: tool).contains("libreadline"))
    }
}
