import SMTPKit
import Synchronization

/// No more than so many messages in any time of this length, of all clients together.
final class RateLimit: Sendable {
    static let refusal = Reply(
        421, .transient(.otherOrUndefinedSecurityStatus), "Too many messages, try again later")

    private let rate: Rate
    /// When the last ones began, in a ring.
    private let recent: Mutex<(times: [ContinuousClock.Instant], next: Int)>

    init(_ rate: Rate) {
        self.rate = rate
        recent = Mutex(([], 0))
    }

    /// Whether one more may begin now; if so it is counted.
    func admits(at now: ContinuousClock.Instant = .now) -> Bool {
        recent.withLock { recent in
            guard recent.times.count == rate.count else {
                recent.times.append(now)
                return true
            }
            guard recent.times[recent.next].duration(to: now) >= rate.time else { return false }
            recent.times[recent.next] = now
            recent.next = (recent.next + 1) % rate.count
            return true
        }
    }
}
