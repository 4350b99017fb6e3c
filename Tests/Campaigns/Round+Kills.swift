import Foundation
import ProcessSupport

/// Servers that end in the middle of their work.
extension Round {
    /// Kills the server again and again while clients deliver. The next one repairs what was left.
    mutating func runKills() throws {
        let outputs = try OutputSet(&random)
        let isSynchronized = Int.random(in: 0..<4, using: &random) == 0
        let options = outputs.options + (isSynchronized ? ["--fsync"] : [])
        let kills = Int.random(in: 3...6, using: &random)
        notes.append("\(kills) kills of \(outputs.names)")
        for _ in 0..<kills {
            let server = try CampaignServer(options)
            let before = ledger.count(.acknowledged)
            let couriers = Courier(Int.random(in: 1...4, using: &random), to: server.port, ledger: ledger)
            wait(for: .acknowledged, count: before + Int.random(in: 0...20, using: &random))
            // Any moment will do, also one in the middle of a write.
            usleep(UInt32.random(in: 0...5_000, using: &random))
            server.kill()
            couriers.join()
        }
        let server = try CampaignServer(options)
        try deliverLast(to: server)
        finish(server, outputs, wasKilled: true)
    }

    /// Two servers have the same outputs. One is killed now and then, or other programs append to the mbox.
    mutating func runSharedOutputs() throws {
        let outputs = try OutputSet(&random, of: [.mbox, .mbox, .json, .maildir, .dir])
        let hasOthers = outputs.outputs.contains(.mbox) && Bool.random(using: &random)
        let options = outputs.options
        let first = try CampaignServer(options)
        var second = try CampaignServer(options)
        var couriers = [Courier(2, to: first.port, ledger: ledger)]
        let others =
            hasOthers ? try ChildProcess(["python3", "-c", Self.writer, outputs.folder.file("mbox"), "\(seed)"]) : nil
        notes.append("2 servers with \(outputs.names)\(hasOthers ? " and others" : "")")
        for _ in 0..<(hasOthers ? 1 : 3) {
            let courier = Courier(2, to: second.port, ledger: ledger)
            wait(for: .acknowledged, count: ledger.count(.acknowledged) + Int.random(in: 5...40, using: &random))
            guard !hasOthers else {
                couriers.append(courier)
                break
            }
            second.kill()
            courier.join()
            second = try CampaignServer(options)
        }
        if let others, others.wait() != 0 { faults.append("the other writer: \(others.standardError.suffix(300))") }
        for courier in couriers { courier.stop() }
        couriers = []
        try deliverLast(to: second)
        faults += first.stop() + second.stop()
        var verdict = Verdict(ledger, wasKilled: !hasOthers, hasOthers: hasOthers)
        verdict.compare(outputs)
        faults += verdict.faults
        if hasOthers {
            let missing = (0..<Self.writes).filter { verdict.others["Subject: other \($0)"] != 1 }
            if !missing.isEmpty { faults.append("messages of the other writer that are not there once: \(missing)") }
        }
    }

    /// How many messages the other program appends.
    private static let writes = 15

    /// Appends messages to an mbox under one lock or the other, as a mail reader does.
    private static let writer = """
        import errno, fcntl, os, random, sys, time
        path, seed = sys.argv[1:]
        chance = random.Random(int(seed))
        for number in range(\(writes)):
            kind = chance.choice(["dotlock", "fcntl", "both"])
            deadline = time.monotonic() + 100
            while True:
                file = open(path, "ab")
                try:
                    if kind != "dotlock": fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if kind != "fcntl": os.close(os.open(path + ".lock", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
                    break
                except OSError as error:
                    if error.errno not in (errno.EEXIST, errno.EAGAIN, errno.EACCES): raise
                    if time.monotonic() > deadline: sys.exit(f"no {kind} lock in 100 seconds")
                    file.close()
                    time.sleep(chance.uniform(0.001, 0.02))
            file.seek(0, 2)
            for piece in (b"From other Thu Jan  1 00:00:00 1970\\nSubj", b"ect: other %d\\n\\nbody" % number, b"\\n\\n"):
                file.write(piece)
                file.flush()
            if kind != "fcntl": os.unlink(path + ".lock")
            file.close()
        """
}
