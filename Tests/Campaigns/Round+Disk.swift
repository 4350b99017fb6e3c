import Foundation
import ProcessSupport
import TranscriptSupport

/// Disks and limits that are reached.
extension Round {
    /// A disk of its own that is nearly full, until a file on it is removed.
    mutating func runOnSmallDisk(limitsInodes: Bool) throws {
        let outputs = try OutputSet(&random)
        let size = limitsInodes ? 60_000 : Int.random(in: 9_000...12_000, using: &random)
        let inodes = limitsInodes ? Int.random(in: 20...60, using: &random) : 4_000
        let script =
            "mount -t tmpfs -o size=\(size)k,nr_inodes=\(inodes) campaign '\(outputs.folder.path)'\nexec \"$@\""
        let server = try CampaignServer(outputs.options, wrapper: MountNamespace.words(script, ["sh"]))
        notes.append("\(size) KiB and \(inodes) inodes for \(outputs.names)")
        let filler = server.root + outputs.folder.file("campaign-filler")
        let isFilled =
            limitsInodes
            ? fill(filler, inodes: Int.random(in: inodes / 4...inodes, using: &random))
            : fill(filler, kibibytes: size - Int.random(in: 100...1_500, using: &random))
        if !isFilled { faults.append("cannot write \(filler)") }
        // Many go on while there is no room, and some of their messages are small enough for what is left.
        Courier(3, to: server.port, ledger: ledger, messages: Int.random(in: 5...25, using: &random)).join()
        try? FileManager.default.removeItem(atPath: filler)
        // An output may have filled the disk by itself. Then there is no room for the last message.
        if ledger.count(.refused) == 0 || isFree(server.root + outputs.folder.path) { try deliverLast(to: server) }
        waitForRest(server.root + outputs.folder.path)
        var verdict = Verdict(ledger)
        verdict.compare(outputs, root: server.root)
        faults += verdict.faults + server.stop()
    }

    /// Fills a part of a disk.
    private func fill(_ path: String, kibibytes: Int) -> Bool {
        mkdir(path, 0o700)
        let descriptor = open("\(path)/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let block = [UInt8](repeating: 0, count: 1024)
        for _ in 0..<kibibytes where write(descriptor, block, block.count) != block.count { break }
        return true
    }

    /// Takes a number of inodes, or all that there are.
    private func fill(_ path: String, inodes: Int) -> Bool {
        guard mkdir(path, 0o700) == 0 else { return false }
        for number in 0..<inodes {
            let descriptor = open("\(path)/\(number)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return number > 0 }
            close(descriptor)
        }
        return true
    }

    /// Whether there is room for a message of the largest size in every output.
    private func isFree(_ path: String) -> Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0 && status.f_bavail * status.f_frsize > 6_000_000 && status.f_favail > 4
    }

    /// Waits until the server has given its locks back.
    private func waitForRest(_ folder: String) {
        let deadline = ContinuousClock.now + .seconds(Patience.seconds)
        while ContinuousClock.now < deadline {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            guard names.contains(where: { $0.hasSuffix(".lock") }) else { return }
            usleep(1_000)
        }
    }

    /// A server whose folder can only be read, between two that can write.
    mutating func runReadOnly() throws {
        let outputs = try OutputSet(&random, of: [.mbox, .json, .maildir, .dir])
        notes.append("\(outputs.names) read-only")
        let before = try CampaignServer(outputs.options)
        Courier(2, to: before.port, ledger: ledger, messages: 5).join()
        faults += before.stop()
        let script = """
            mount --bind "$0" "$0"
            mount -o remount,bind,ro "$0"
            exec "$@"
            """
        let wrapper = MountNamespace.words(script, [outputs.folder.path])
        let acknowledged = ledger.count(.acknowledged)
        do {
            let server = try CampaignServer(outputs.options, wrapper: wrapper)
            Courier(2, to: server.port, ledger: ledger, messages: 5).join()
            faults += server.stop()
        } catch let error as HarnessError {
            // It says so at the start.
            if !error.description.contains("Read-only file system") { faults.append(error.description) }
        }
        if ledger.count(.acknowledged) != acknowledged { faults.append("acknowledged in a folder that is read-only") }
        let after = try CampaignServer(outputs.options)
        try deliverLast(to: after)
        finish(after, outputs)
    }

    /// A server with few descriptors, and clients that take them.
    mutating func runWithoutDescriptors() throws {
        let outputs = try OutputSet(&random)
        let limit = Int.random(in: 40...120, using: &random)
        notes.append("\(limit) descriptors for \(outputs.names)")
        let server = try CampaignServer(
            outputs.options, wrapper: ["sh", "-c", "ulimit -n \(limit); exec \"$@\"", "sh"])
        // Some of them are refused, and some wait until others have gone.
        var idle = try (0..<Int.random(in: 5...limit, using: &random)).map { _ in try SocketClient(port: server.port) }
        let couriers = Courier(4, to: server.port, ledger: ledger, messages: 15)
        while !idle.isEmpty {
            idle.removeLast().end(isReset: Bool.random(using: &random))
            usleep(UInt32.random(in: 0...2_000, using: &random))
        }
        couriers.join()
        try deliverLast(to: server)
        finish(server, outputs)
    }
}
