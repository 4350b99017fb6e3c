import ProcessSupport
import Testing

@testable import smtpd_lite

@Suite("Stop conditions", .timed)
struct StopConditionsTests {
    @Test func `the last message that is awaited finishes the server`() {
        var conditions = StopConditions(messages: 2)
        #expect(conditions.messageStored() == nil)
        #expect(conditions.messageStored() == .finish)
        #expect(conditions.status == .done)
        #expect(conditions.messageStored() == nil)
    }

    @Test func `the last session that is awaited finishes the server`() {
        var conditions = StopConditions(sessions: 2)
        #expect(conditions.sessionEnded() == nil)
        #expect(conditions.sessionEnded() == .finish)
        #expect(conditions.status == .done)
    }

    @Test func `a deadline is the condition when there is no other`() {
        var conditions = StopConditions()
        #expect(conditions.deadlinePassed() == .stop)
        #expect(conditions.status == .done)
    }

    @Test(arguments: [(1, nil), (nil, 1)] as [(Int?, Int?)])
    func `a deadline before the condition holds is told`(messages: Int?, sessions: Int?) {
        var conditions = StopConditions(messages: messages, sessions: sessions)
        #expect(conditions.deadlinePassed() == .stop)
        #expect(conditions.status == .deadline)
    }

    @Test func `a deadline after the condition held changes nothing`() {
        var conditions = StopConditions(messages: 1)
        #expect(conditions.messageStored() == .finish)
        #expect(conditions.deadlinePassed() == nil)
        #expect(conditions.status == .done)
    }

    @Test func `a signal ends the server in good order and a second one at once`() {
        var conditions = StopConditions()
        #expect(conditions.interrupted(by: 15) == .stop)
        #expect(conditions.status == .done)
        #expect(conditions.interrupted(by: 2) == .abort(.signal(2)))
    }

    @Test func `a signal before the condition holds is told`() {
        var conditions = StopConditions(messages: 1)
        #expect(conditions.interrupted(by: 15) == .stop)
        #expect(conditions.status == .signal(15))
    }

    @Test func `the command's status is the tool's`() {
        var conditions = StopConditions(runsCommand: true)
        #expect(conditions.interrupted(by: 15) == nil)
        #expect(conditions.commandEnded(.command(7)) == .stop)
        #expect(conditions.status == .command(7))
    }

    @Test func `messages are counted until the command ends`() {
        var enough = StopConditions(messages: 1, runsCommand: true)
        #expect(enough.messageStored() == nil)
        #expect(enough.commandEnded(.command(0)) == .stop)
        #expect(enough.status == .command(0))
        var short = StopConditions(messages: 1, runsCommand: true)
        #expect(short.commandEnded(.command(0)) == .stop)
        #expect(short.status == .deadline)
        var failed = StopConditions(messages: 1, runsCommand: true)
        #expect(failed.commandEnded(.command(3)) == .stop)
        #expect(failed.status == .command(3))
    }

    @Test(
        arguments: [
            (smtpd_lite.ExitStatus.done, 0), (.failure, 1), (.usage, 64), (.deadline, 124), (.commandNotStarted, 125),
            (.signal(15), 143), (.command(9), 9),
        ] as [(smtpd_lite.ExitStatus, Int32)])
    func `each end has its status`(status: smtpd_lite.ExitStatus, code: Int32) {
        #expect(status.code == code)
    }

    @Test func `a process's end is told as a shell tells it`() {
        #expect(CommandRunner.exitStatus(3 << 8) == 3)
        #expect(CommandRunner.exitStatus(9) == 137)
    }
}
