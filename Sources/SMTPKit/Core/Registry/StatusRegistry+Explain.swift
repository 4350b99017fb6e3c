extension StatusRegistry {
    /// Explains a code.
    ///
    ///     5.7.1  permanent  Delivery not authorized, message refused
    ///
    /// - Parameters:
    ///   - query: the code, the pattern or the pair.
    ///   - text: the reply or log line that the code came from, to recognise the provider by; may be empty.
    ///   - providers: the providers whose meanings are asked for; `nil` to recognise them from the text.
    public static func explain(
        _ query: CodeQuery,
        in text: String = "",
        from providers: [Provider]? = nil
    ) -> CodeExplanation {
        switch query {
        case .status(let status):
            return explain(status, nil, query, text, providers)
        case .pair(let reply, let status):
            return explain(status, reply, query, text, providers)
        case .condition(let condition):
            return explain(condition, query)
        case .subject(let `class`, let subject):
            return explain(subject: subject, `class`, query)
        case .severity(let severity):
            return explain(severity, query)
        case .reply(let number):
            return explain(number, query, text, providers)
        case .replyGroup(let digits):
            return explain(group: digits, query)
        case .sysexit(let sysexit):
            return explain(sysexit, query)
        }
    }

    /// Explains a status, with the reply code it came with.
    ///
    /// For a program that has both at hand, such as a client that shows a server's refusal.
    public static func explain(_ status: EnhancedStatus, with reply: ReplyCode? = nil) -> CodeExplanation {
        explain(reply.map { .pair($0, status) } ?? .status(status))
    }

    private static func explain(
        _ status: EnhancedStatus,
        _ reply: ReplyCode?,
        _ query: CodeQuery,
        _ text: String,
        _ providers: [Provider]?
    ) -> CodeExplanation {
        let judgement = judge(reply, status, in: text, from: providers)
        let meanings = providerMeanings(judgement, reply, status, in: text, from: providers)
        return explain(query, judgement, meanings)
    }

    /// Explains a code that a judge has decided on.
    package static func explain(
        _ query: CodeQuery,
        _ judgement: Judgement,
        _ meanings: [ProviderMeaning]? = nil
    ) -> CodeExplanation {
        let meanings = meanings ?? judgement.meaning.map { [$0] } ?? []
        return switch query {
        case .status(let status): explain(status, nil, query, judgement, meanings)
        case .pair(let reply, let status): explain(status, reply, query, judgement, meanings)
        case .reply(let number): explain(number, query, judgement, meanings)
        case .severity(let severity): explain(severity, query, judgement, meanings)
        case .condition, .subject, .replyGroup, .sysexit: explain(query)
        }
    }

    private static func explain(
        _ status: EnhancedStatus,
        _ reply: ReplyCode?,
        _ query: CodeQuery,
        _ judgement: Judgement,
        _ meanings: [ProviderMeaning]
    ) -> CodeExplanation {
        // The basic code decides what happens; RFC 2034, section 4, wants both to agree.
        let severity = reply?.severity ?? status.class.severity
        let `class` = EnhancedStatus.Class(rawValue: severity.rawValue) ?? status.class
        let general = self.class(`class`)
        let about = subject(status.subject)
        let row = condition(status.condition)
        let action = judgement.action(reply, status)
        let fallback = about.map { "\($0.meaning) \(general.meaning)" } ?? general.meaning
        return CodeExplanation(
            query: query,
            code: query.description,
            reply: reply,
            status: status,
            severity: severity,
            match: row != nil ? .registered : about != nil ? .subject : .class,
            name: name(of: row, reply, `class`) ?? about?.name ?? general.name,
            meaning: row?.meaning ?? fallback,
            action: action,
            advice: advice(judgement, action, registered: row.map { ($0.action(in: `class`), $0.advice) }),
            reason: judgement.reason,
            provider: judgement.provider,
            decidingMeaning: judgement.meaning,
            isReasonFromText: judgement.evidence == .phrase,
            basicCodes: row?.basicCodeNames ?? [],
            reference: row?.reference ?? about?.reference ?? general.reference,
            notes: row?.notes ?? "",
            isDeprecated: row?.isDeprecated ?? false,
            warnings: check(reply, status),
            providerMeanings: meanings,
            users: row == nil && judgement.meaning == nil ? users(of: status) : [],
            sysexit: judgement.sysexit(reply, status),
            classKeyword: severity.keyword
        )
    }

    /// The registry's name; `2.0.0`, which the registry calls "Other undefined Status", is plain success.
    private static func name(
        of row: RegisteredCondition?,
        _ reply: ReplyCode?,
        _ class: EnhancedStatus.Class
    ) -> String? {
        guard let row, row.condition == .otherUndefinedStatus, `class` == .success else { return row?.title }
        return reply?.rawValue == 250 ? "Delivered" : "Success"
    }

    /// The provider's advice; the registry's where it is about the same action and the text tells nothing else;
    /// otherwise the reason's.
    private static func advice(
        _ judgement: Judgement,
        _ action: SenderAction,
        registered: (action: SenderAction, advice: String)?
    ) -> String {
        if let meaning = judgement.meaning { return meaning.advice }
        if action == .proceed, registered?.action == .proceed { return "Nothing to do." }
        if judgement.evidence != .phrase, let registered,
            registered.action == action || judgement.evidence == .fallback
        {
            return registered.advice
        }
        return judgement.reason.advice(for: action)
    }

    private static func explain(_ condition: EnhancedStatus.Condition, _ query: CodeQuery) -> CodeExplanation {
        let row = self.condition(condition)
        let about = subject(condition.subject)
        let classes = row?.classes ?? []
        let only = classes.count == 1 ? classes.first : nil
        return CodeExplanation(
            query: query,
            code: query.description,
            reply: nil,
            status: nil,
            severity: only?.severity,
            match: row != nil ? .registered : about != nil ? .subject : .class,
            name: row?.title ?? about?.name ?? "No class given",
            meaning: row?.meaning ?? about?.meaning
                ?? "Neither the class nor the subject is known.",
            action: only.flatMap { row?.action(in: $0) },
            advice: row?.advice ?? "The first number decides: retry on 4.",
            reason: nil,
            provider: nil,
            decidingMeaning: nil,
            isReasonFromText: false,
            basicCodes: row?.basicCodeNames ?? [],
            reference: row?.reference ?? about?.reference ?? "RFC 3463 s2",
            notes: row?.notes ?? "",
            isDeprecated: row?.isDeprecated ?? false,
            warnings: row?.isDeprecated == true ? [.deprecated(condition)] : [],
            providerMeanings: [],
            users: [],
            sysexit: only.flatMap { row?.sysexit(in: $0) },
            classKeyword: keyword(for: classes)
        )
    }

    private static func explain(
        subject number: UInt16,
        _ class: EnhancedStatus.Class?,
        _ query: CodeQuery
    ) -> CodeExplanation {
        let about = subject(number)
        let general = `class`.map(self.class)
        return CodeExplanation(
            query: query,
            code: query.description,
            reply: nil,
            status: nil,
            severity: `class`?.severity,
            match: about == nil ? .class : .registered,
            name: about?.name ?? general?.name ?? "No class given",
            meaning: about?.meaning ?? general?.meaning ?? "Neither the class nor the subject is known.",
            action: `class`?.severity.usualAction,
            advice: general?.advice ?? "The first number decides: retry on 4.",
            reason: nil,
            provider: nil,
            decidingMeaning: nil,
            isReasonFromText: false,
            basicCodes: [],
            reference: about?.reference ?? general?.reference ?? "RFC 3463 s2",
            notes: about.map { "Usually fixed by: \($0.usuallyFixedBy)." } ?? "",
            isDeprecated: false,
            warnings: [],
            providerMeanings: [],
            users: [],
            sysexit: `class`.map { sysexit(for: EnhancedStatus($0, .init(number, 0))) },
            classKeyword: `class`?.severity.keyword ?? keyword(for: [])
        )
    }

    private static func explain(
        _ severity: ReplyCode.Severity,
        _ query: CodeQuery,
        _ judgement: Judgement? = nil,
        _ meanings: [ProviderMeaning] = []
    ) -> CodeExplanation {
        let general = EnhancedStatus.Class(rawValue: severity.rawValue).map(self.class)
        let isFailure = severity == .transient || severity == .permanent
        let usual: Sysexit = severity == .transient ? .temporaryFailure : severity == .permanent ? .unavailable : .ok
        let reason: Reason? = judgement.map { isFailure ? $0.reason : reasons[Self.reason(of: 250) ?? undetermined] }
        let action = judgement?.meaning?.action ?? reason?.action(in: severity) ?? severity.usualAction
        let fallback = general?.advice ?? "Send what the server waits for."
        return CodeExplanation(
            query: query,
            code: query.description,
            reply: nil,
            status: nil,
            severity: severity,
            match: .registered,
            name: general?.name ?? "Positive intermediate reply",
            meaning: general?.meaning ?? "The server awaits more input.",
            action: action,
            advice: judgement?.meaning?.advice ?? (isFailure ? reason?.advice(for: action) : nil) ?? fallback,
            reason: reason,
            provider: judgement?.provider,
            decidingMeaning: judgement?.meaning,
            isReasonFromText: judgement?.evidence == .phrase,
            basicCodes: [],
            reference: general?.reference ?? "RFC 5321 s4.2.1",
            notes: "",
            isDeprecated: false,
            warnings: [],
            providerMeanings: meanings,
            users: [],
            sysexit: severity == .permanent ? reason?.sysexit ?? usual : usual,
            classKeyword: severity.keyword
        )
    }

    private static func explain(
        _ number: UInt16,
        _ query: CodeQuery,
        _ text: String,
        _ providers: [Provider]?
    ) -> CodeExplanation {
        let code = ReplyCode(rawValue: number)
        let judgement = judge(code, nil, in: text, from: providers)
        return explain(number, query, judgement, providerMeanings(judgement, code, nil, in: text, from: providers))
    }

    private static func explain(
        _ number: UInt16,
        _ query: CodeQuery,
        _ judgement: Judgement,
        _ meanings: [ProviderMeaning]
    ) -> CodeExplanation {
        let code = ReplyCode(rawValue: number)
        let row = replyCode(number)
        let severity = code?.severity
        let general = severity.flatMap { EnhancedStatus.Class(rawValue: $0.rawValue) }.map(self.class)
        let action = code == nil ? row?.action : judgement.action(code, nil)
        return CodeExplanation(
            query: query,
            code: query.description,
            reply: code,
            status: nil,
            severity: severity,
            match: row == nil ? .class : .registered,
            name: row?.name ?? general?.name
                ?? (severity == nil ? "Not a server reply" : "Positive intermediate reply"),
            meaning: row?.meaning ?? general?.meaning ?? "SMTP has no 1yz replies.",
            action: action,
            advice: action.map { advice(judgement, $0, registered: row.map { ($0.action, $0.advice) }) }
                ?? row?.advice ?? "Act on the first digit.",
            reason: code == nil ? nil : judgement.reason,
            provider: judgement.provider,
            decidingMeaning: judgement.meaning,
            isReasonFromText: judgement.evidence == .phrase,
            basicCodes: [],
            reference: row?.reference ?? "RFC 5321 s4.2.1",
            notes: row?.notes ?? "",
            isDeprecated: false,
            warnings: [],
            providerMeanings: meanings,
            users: [],
            sysexit: code.map { judgement.sysexit($0, nil) },
            classKeyword: severity?.keyword ?? "none"
        )
    }

    private static func explain(group digits: UInt16, _ query: CodeQuery) -> CodeExplanation {
        let severity = ReplyCode.Severity(rawValue: UInt8(digits / 10)) ?? .permanent
        let kinds = ["Syntax", "Information", "Connections", "Unspecified", "Unspecified", "Mail system"]
        let kind = Int(digits % 10)
        return CodeExplanation(
            query: query,
            code: query.description,
            reply: nil,
            status: nil,
            severity: severity,
            match: kind < kinds.count ? .registered : .class,
            name: kind < kinds.count ? kinds[kind] : "Unspecified",
            meaning: "Reply codes whose second digit is \(kind).",
            action: severity.usualAction,
            advice: "Act on the first digit.",
            reason: nil,
            provider: nil,
            decidingMeaning: nil,
            isReasonFromText: false,
            basicCodes: [],
            reference: "RFC 5321 s4.2.1",
            notes: "",
            isDeprecated: false,
            warnings: [],
            providerMeanings: [],
            users: [],
            sysexit: severity == .transient ? .temporaryFailure : severity == .permanent ? .unavailable : .ok,
            classKeyword: severity.keyword
        )
    }

    private static func explain(_ sysexit: Sysexit, _ query: CodeQuery) -> CodeExplanation {
        CodeExplanation(
            query: query,
            code: query.description,
            reply: nil,
            status: nil,
            severity: sysexit.severity,
            match: .registered,
            name: sysexit.meaning,
            meaning: "Exit status \(sysexit.rawValue) of a program that delivers mail.",
            action: sysexit == .ok ? .proceed : sysexit == .temporaryFailure ? .retry : .giveUp,
            advice: sysexit == .temporaryFailure
                ? "The mail server tries again."
                : sysexit == .ok
                    ? "Nothing to do." : "The mail server returns the message.",
            reason: nil,
            provider: nil,
            decidingMeaning: nil,
            isReasonFromText: false,
            basicCodes: [],
            reference: "sysexits.h",
            notes: "",
            isDeprecated: false,
            warnings: [],
            providerMeanings: [],
            users: [],
            sysexit: sysexit,
            classKeyword: sysexit.severity.keyword
        )
    }

    private static func keyword(for classes: [EnhancedStatus.Class]) -> String {
        classes.isEmpty ? "any" : classes.map(\.severity.keyword).joined(separator: "/")
    }
}

extension RegisteredCondition {
    /// The basic codes as the registry lists them: numbers, `any`, `4xx`, `5xx`.
    public var basicCodeNames: [String] {
        basicCodeList == "-" ? [] : basicCodeList.split(separator: ",").map(String.init)
    }
}
