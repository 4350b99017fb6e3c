import ProcessSupport
import SMTPCore
import Testing

@Suite("Status registry", .timed)
struct StatusRegistryTests {
    @Test func `the tables are complete`() {
        #expect(StatusRegistry.conditions.count == 81)
        #expect(StatusRegistry.classes.count == 3)
        #expect(StatusRegistry.subjects.count == 8)
        #expect(StatusRegistry.replyCodes.count == 77)
        #expect(StatusRegistry.providerMeanings.count == 989)
        #expect(StatusRegistry.conditions.filter(\.isDeprecated).map(\.condition.description) == ["X.6.10"])
    }

    @Test(arguments: StatusRegistry.conditions)
    func `every registered condition is found, and only itself`(row: RegisteredCondition) {
        #expect(StatusRegistry.condition(row.condition) == row)
        #expect(!row.title.isEmpty && !row.meaning.isEmpty && !row.advice.isEmpty && !row.reference.isEmpty)
    }

    @Test(arguments: StatusRegistry.conditions)
    func `a class that is met against the specification is no class of the specification`(row: RegisteredCondition) {
        #expect(Set(row.classes).isDisjoint(with: row.classesAlsoSeen))
        for `class` in row.classesAlsoSeen {
            let warnings = StatusRegistry.check(nil, EnhancedStatus(`class`, row.condition))
            #expect(!warnings.contains(.unusualClass(EnhancedStatus(`class`, row.condition))))
        }
    }

    @Test func `a temporary failure is also met where the mailbox does not exist`() {
        #expect(StatusRegistry.condition(.init(1, 1))?.classesAlsoSeen == [.transient])
    }

    @Test func `nothing else is found`() {
        let known = Set(StatusRegistry.conditions.map(\.condition))
        for subject in UInt16(0)...20 {
            for detail in UInt16(0)...120 {
                let condition = EnhancedStatus.Condition(subject, detail)
                #expect((StatusRegistry.condition(condition) != nil) == known.contains(condition))
            }
        }
        #expect(StatusRegistry.condition(.init(999, 999)) == nil)
    }

    @Test(arguments: StatusRegistry.conditions)
    func `the usual reply agrees with the class and is a code of an RFC`(row: RegisteredCondition) {
        for kind in EnhancedStatus.Class.allCases {
            let reply = row.usualReply(in: kind)
            #expect(reply.severity == kind.severity)
            #expect(StatusRegistry.replyCode(reply.rawValue)?.origin != .practice)
            #expect(StatusRegistry.replyCode(reply.rawValue)?.origin != nil)
        }
    }

    @Test func `named constants carry the registry's numbers`() {
        #expect(EnhancedStatus.Condition.badDestinationMailboxAddress == .init(1, 1))
        #expect(EnhancedStatus.Condition.destinationMailboxAddressValid == .init(1, 5))
        #expect(EnhancedStatus.Condition.mailboxHasMoved == .init(1, 6))
        #expect(EnhancedStatus.Condition.routingServerFailure == .init(4, 3))
        #expect(EnhancedStatus.Condition.networkCongestion == .init(4, 5))
        #expect(EnhancedStatus.Condition.securityStatus == .init(7, 0))
        #expect(EnhancedStatus.Condition.deliveryNotAuthorized == .init(7, 1))
        #expect(EnhancedStatus.Condition.securityConversionRequiredButNotSupported == .init(7, 3))
        #expect(EnhancedStatus.Condition.requireTLSSupportRequired == .init(7, 30))
    }

    @Test(arguments: [
        ("5.1.1", 550), ("4.1.1", 450), ("2.1.5", 250), ("5.2.2", 552), ("4.2.2", 452), ("5.3.4", 552), ("5.7.8", 535),
        ("2.7.0", 235), ("4.7.12", 432), ("5.1.10", 556), ("4.3.2", 421), ("5.7.1", 550), ("5.99.99", 550),
        ("4.99.99", 451), ("2.99.99", 250), ("4.5.3", 452),
    ])
    func `a status goes with its usual basic code`(text: String, reply: UInt16) throws {
        let status = try #require(EnhancedStatus(text))
        #expect(StatusRegistry.usualReply(for: status).rawValue == reply)
    }

    @Test(arguments: [
        ("5.1.1", Sysexit.noUser), ("5.1.2", .noHost), ("4.1.1", .temporaryFailure), ("2.0.0", .ok),
        ("5.7.1", .noPermission), ("5.7.999", .noPermission), ("5.99.1", .unavailable), ("4.99.1", .temporaryFailure),
    ])
    func `a status goes with an exit status`(text: String, expected: Sysexit) throws {
        #expect(StatusRegistry.sysexit(for: try #require(EnhancedStatus(text))) == expected)
    }

    @Test(arguments: Sysexit.allCases)
    func `an exit status is found by its name`(sysexit: Sysexit) {
        #expect(Sysexit(name: sysexit.name) == sysexit)
        #expect(Sysexit(name: sysexit.name.lowercased()) == sysexit)
    }
}
