import Foundation
import ProcessSupport
import Synchronization

/// Outputs that are taken away or not read.
extension Round {
    /// Outputs are renamed while clients deliver, as logs are rotated, and removed in the end.
    mutating func runMovedOutputs() throws {
        let outputs = try OutputSet(&random, of: [.mbox, .json, .maildir, .dir])
        // The lines of JSON name files in the folder under the name that it had.
        let hasFiles = outputs.outputs.contains { !$0.isFile }
        let moved = outputs.outputs.filter { $0.isFile || !outputs.outputs.contains(.json) }
        notes.append("\(outputs.names) moved")
        let server = try CampaignServer(outputs.options)
        let couriers = Courier(3, to: server.port, ledger: ledger)
        var generations = 0
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            wait(for: .acknowledged, count: ledger.count(.acknowledged) + Int.random(in: 1...25, using: &random))
            generations += 1
            for output in moved {
                rename(
                    outputs.folder.file(output.rawValue), outputs.folder.file("campaign-\(output)-\(generations)"))
            }
        }
        wait(for: .acknowledged, count: ledger.count(.acknowledged) + 5)
        couriers.stop()
        try deliverLast(to: server)
        var verdict = Verdict(ledger)
        for output in outputs.outputs {
            var all = StoredContent(output, at: outputs.folder.file(output.rawValue))
            for generation in 1...generations {
                let one = StoredContent(output, at: outputs.folder.file("campaign-\(output)-\(generation)"))
                all.messages += one.messages
                all.strays += one.strays
            }
            verdict.compare(all, in: output.rawValue)
        }
        verdict.compareOutputs()
        faults += verdict.faults
        // What is stored after the outputs were removed is in new ones.
        for output in outputs.outputs where !(hasFiles && outputs.outputs.contains(.json)) {
            try? FileManager.default.removeItem(atPath: outputs.folder.file(output.rawValue))
        }
        guard !(hasFiles && outputs.outputs.contains(.json)) else { return faults += server.stop() }
        let later = Ledger(seed: seed &+ 1)
        for _ in 0..<5 { try Courier.deliverOne(later, to: server.port) }
        if later.count(.acknowledged) == 0, later.count(.refused) == 0 { faults.append("no reply after the removal") }
        faults += server.stop()
        var second = Verdict(later)
        second.compare(outputs)
        faults += second.faults.map { "after the removal: \($0)" }
    }

    /// Standard output is a pipe, or an output is a named one, whose reader stops now and then.
    mutating func runStalledReaders() throws {
        let outputs = try OutputSet(&random, of: [.maildir, .json])
        let isNamed = Bool.random(using: &random)
        let isAlone = Bool.random(using: &random)
        notes.append("\(isNamed ? "a named pipe" : "standard output")\(isAlone ? "" : " and \(outputs.names)")")
        var ends: [Int32] = [-1, -1]
        var options = isAlone ? ["--raw-message"] : outputs.options
        if isNamed {
            let path = outputs.commands.file("pipe")
            guard mkfifo(path, 0o600) == 0 else { throw HarnessError("no pipe") }
            // Open for both, so that it never ends.
            ends[0] = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
            options += ["--mbox", path]
        } else {
            guard pipe(&ends) == 0 else { throw HarnessError("no pipe") }
            _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
            options += ["--format", "mbox"]
        }
        let source = ends[0]
        defer { close(source) }
        let server: CampaignServer
        do {
            defer { if ends[1] >= 0 { close(ends[1]) } }
            server = try CampaignServer(options, output: ends[1] >= 0 ? ends[1] : nil)
        }
        let reader = StallingReader(source, seed: seed)
        let couriers = Courier(3, to: server.port, ledger: ledger, messages: 30)
        couriers.join()
        try deliverLast(to: server)
        faults += server.stop()
        var verdict = Verdict(ledger)
        verdict.compare(StoredContent(mbox: reader.finish()), in: "pipe")
        if isAlone { verdict.compareOutputs() } else { verdict.compare(outputs) }
        faults += verdict.faults
    }
}

/// A reader of a pipe that does not block, which reads a little and stops for a while.
private final class StallingReader: Sendable {
    private let octets = Mutex<[UInt8]>([])
    private let isStopped = Atomic<Bool>(false)
    private let thread = DispatchGroup()

    init(_ descriptor: Int32, seed: UInt64) {
        thread.enter()
        Thread.detachNewThread {
            defer { self.thread.leave() }
            var random = SeededGenerator(seed: seed)
            while true {
                let isLast = self.isStopped.load(ordering: .acquiring)
                var buffer = [UInt8](repeating: 0, count: isLast ? 65_536 : Int.random(in: 1...65_536, using: &random))
                let count = read(descriptor, &buffer, buffer.count)
                if count > 0 { self.octets.withLock { $0 += buffer.prefix(count) } }
                guard count > 0 || !isLast else { return }
                if isLast { continue }
                usleep(UInt32.random(in: 0..<20, using: &random) == 0 ? 40_000 : 200)
            }
        }
    }

    /// Reads what is left, and returns all that was read.
    func finish() -> [UInt8] {
        isStopped.store(true, ordering: .releasing)
        thread.wait()
        return octets.withLock { $0 }
    }
}
