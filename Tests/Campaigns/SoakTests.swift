import Foundation
import ProcessSupport
import Testing

/// A server that works for a long time: its memory and its descriptors stay what they were.
///
/// `make soak` runs the numbers of sessions and messages in full. The tests run a five-hundredth part of them, which
/// shows that the check works, and a leak only when it is large.
@Suite("Soak", .blocking, .serialized)
struct SoakTests {
    /// One load, and how much the server may grow under it.
    struct Load: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The number of messages or connections.
        let count: Int
        /// Returns the options of `smtp-probe load` for a number.
        let options: @Sendable (Int) -> [String]
        /// The growth of resident memory that is no leak, in KiB.
        var growth = 4_000
    }

    private static let isFull = ProcessInfo.processInfo.environment["SOAK"] == "full"

    private static let loads = [
        Load(testDescription: "sessions", count: 500_000) {
            ["--sessions", "10", "--messages", "\($0)", "--messages-per-session", "1"]
        },
        Load(testDescription: "messages on one connection", count: 500_000) {
            ["--sessions", "1", "--messages", "\($0)"]
        },
        Load(testDescription: "TLS sessions", count: 50_000) {
            ["--sessions", "5", "--messages", "\($0)", "--messages-per-session", "1", "--tls"]
        },
    ]

    /// Runs `smtp-probe load`, of which every message has to be accepted.
    private static func load(_ options: [String], of server: CampaignServer, limit: Int = 1_024) throws -> [String: Any]
    {
        let words = [BuiltTool.path("smtp-probe"), "load", "--json"] + options + ["127.0.0.1:\(server.port)"]
        let process = try ChildProcess(["sh", "-c", "ulimit -n \(limit); exec \"$@\"", "sh"] + words)
        let status = process.wait(atMost: 5_000)
        let document = try JSONSerialization.jsonObject(with: Data(process.standardOutput)) as? [String: Any]
        let load = document?["load"] as? [String: Any] ?? [:]
        #expect(status == 0, "\(load) \(process.standardError)")
        return load
    }

    @Test(arguments: loads)
    func `memory and descriptors do not grow`(load: Load) throws {
        let count = Self.isFull ? load.count : load.count / 500
        let server = try CampaignServer(["--discard", "--tls"])
        let figures = ProcessFigures(server.process.processID)
        // Buffers, pools and tables get the size that they will have.
        _ = try Self.load(load.options(max(100, count / 20)), of: server)
        let (memory, descriptors) = try (figures.memory, Self.restingDescriptors(figures))
        let start = ContinuousClock.now
        let result = try Self.load(load.options(count), of: server)
        let seconds = (ContinuousClock.now - start).components.seconds
        let (memoryAfter, descriptorsAfter) = try (
            figures.memory, Self.restingDescriptors(figures, atMost: descriptors)
        )
        print(
            """
            soak, \(count) \(load.testDescription) in \(seconds) s: memory \(memory) KiB, then \(memoryAfter) KiB; \
            descriptors \(descriptors), then \(descriptorsAfter)
            """)
        #expect(result["accepted"] as? Int == count)
        #expect(memoryAfter - memory < load.growth)
        #expect(descriptorsAfter <= descriptors)
        #expect(server.stop() == [])
    }

    /// Many connections that do nothing cost little each, and what they cost is given back.
    @Test func `idle connections are cheap and leave nothing`() throws {
        let limit = try Self.isFull ? Self.descriptorLimit(atMost: 21_000) : 1_400
        let count = limit - 1_000
        #expect(!Self.isFull || count >= 15_000, "this needs a limit of 16,000 or more descriptors (ulimit -Hn)")
        let server = try CampaignServer(
            ["--discard", "--max-connections", "\(count + 100)"],
            wrapper: ["sh", "-c", "ulimit -n \(limit); exec \"$@\"", "sh"])
        let figures = ProcessFigures(server.process.processID)
        _ = try Self.load(["--sessions", "5", "--messages", "100"], of: server)
        let (memory, descriptors) = try (figures.memory, Self.restingDescriptors(figures))
        let options = ["--sessions", "5", "--messages", "100", "--idle", "\(count)"]
        let result = try Self.load(options, of: server, limit: limit)
        let most = try figures.peakMemory
        let descriptorsAfter = try Self.restingDescriptors(figures, atMost: descriptors)
        let after = try Self.restingMemory(figures, atMost: memory + (most - memory) / 2)
        print(
            """
            soak, \(count) idle connections: memory \(memory) KiB, at most \(most) KiB, then \(after) KiB; \
            descriptors \(descriptors), then \(descriptorsAfter)
            """)
        #expect((result["sessions"] as? Int ?? 0) >= count)
        // 32 KiB for each connection, and something for the tables that all of them share.
        #expect(most - memory < 8_000 + 32 * count)
        if Self.isFull { #expect(after - memory <= (most - memory) / 2) }
        #expect(descriptorsAfter <= descriptors)
        #expect(server.stop() == [])
    }

    /// The limit on descriptors that a process can have: the wanted one, or the hard limit if that is lower.
    private static func descriptorLimit(atMost wanted: Int) throws -> Int {
        let script = "ulimit -n \(wanted) 2>/dev/null; ulimit -Hn"
        let limit = try ChildProcess.run(["sh", "-c", script]).output.split(separator: "\n").last.flatMap { Int($0) }
        return min(limit ?? wanted, wanted)
    }

    /// The descriptors when connections that linger are gone.
    private static func restingDescriptors(_ figures: ProcessFigures, atMost wanted: Int? = nil) throws -> Int {
        let deadline = ContinuousClock.now + .seconds(20)
        var count = try figures.descriptors
        var steady = 0
        while ContinuousClock.now < deadline, wanted.map({ count > $0 }) ?? (steady < 10) {
            usleep(100_000)
            let next = try figures.descriptors
            steady = next == count ? steady + 1 : 0
            count = next
        }
        return count
    }

    /// The memory when it was given back.
    private static func restingMemory(_ figures: ProcessFigures, atMost wanted: Int) throws -> Int {
        let deadline = ContinuousClock.now + .seconds(20)
        while try figures.memory > wanted, ContinuousClock.now < deadline { usleep(100_000) }
        return try figures.memory
    }
}
