import Foundation
import ProcessSupport
import SMTPKit
import Synchronization

/// File calls of which some fail, decided by a seeded generator.
///
/// A call that fails has no effect, except that `write` and `pwrite` may have written a part before, and `close`
/// closes.
final class FailingCalls: Sendable {
    private struct State {
        var generator: SeededGenerator
        var odds: Int
        var failures = 0
    }

    private let state: Mutex<State>

    /// - Parameter odds: how many of a thousand calls fail.
    init(seed: UInt64, odds: Int) {
        state = Mutex(State(generator: SeededGenerator(seed: seed), odds: odds))
    }

    /// Sets how many of a thousand calls fail from now on.
    func setOdds(_ odds: Int) { state.withLock { $0.odds = odds } }

    /// How many calls failed.
    var failures: Int { state.withLock { $0.failures } }

    /// The calls for a store or a spool.
    var calls: FileCalls {
        let system = FileCalls.system
        var calls = FileCalls.system
        calls.open = { file, flags, mode in self.failure ?? system.open(file, flags, mode) }
        calls.makeTemporary = { template in self.failure ?? system.makeTemporary(&template) }
        calls.write = { descriptor, octets in
            self.failure ?? system.write(descriptor, self.part(of: octets))
        }
        calls.writeAt = { descriptor, octets, offset in
            self.failure ?? system.writeAt(descriptor, self.part(of: octets), offset)
        }
        calls.readAt = { descriptor, buffer, offset in self.failure ?? system.readAt(descriptor, buffer, offset) }
        calls.truncate = { descriptor, length in self.failure ?? system.truncate(descriptor, length) }
        calls.seek = { descriptor, offset, origin in self.failure ?? system.seek(descriptor, offset, origin) }
        calls.synchronize = { descriptor in self.failure ?? system.synchronize(descriptor) }
        calls.close = { descriptor in
            let result = system.close(descriptor)
            return self.failure ?? result
        }
        calls.status = { descriptor, status in self.failure ?? system.status(descriptor, &status) }
        calls.statusOfPath = { path, status in self.failure ?? system.statusOfPath(path, &status) }
        calls.lock = { descriptor, lock in self.failure ?? system.lock(descriptor, &lock) }
        calls.rename = { from, to in self.failure ?? system.rename(from, to) }
        calls.link = { from, to in self.failure ?? system.link(from, to) }
        calls.nameOpenFile = { descriptor, name in self.failure ?? system.nameOpenFile(descriptor, name) }
        calls.unlink = { file in self.failure ?? system.unlink(file) }
        calls.makeFolder = { path in self.failure ?? system.makeFolder(path) }
        return calls
    }

    private var failure: Int? {
        state.withLock { state in
            guard Int.random(in: 0..<1_000, using: &state.generator) < state.odds else { return nil }
            state.failures += 1
            return -Int([ENOSPC, EIO, EMFILE, EDQUOT, ENOMEM, EINTR].randomElement(using: &state.generator) ?? EIO)
        }
    }

    /// A part of what is to be written, most of the time all of it.
    private func part(of octets: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let count = state.withLock { state in
            guard octets.count > 1, Int.random(in: 0..<1_000, using: &state.generator) < state.odds else {
                return octets.count
            }
            return Int.random(in: 1..<octets.count, using: &state.generator)
        }
        return UnsafeRawBufferPointer(rebasing: octets[..<count])
    }
}
