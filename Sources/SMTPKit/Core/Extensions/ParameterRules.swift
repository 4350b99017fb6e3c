/// Which parameters `MAIL` and `RCPT` may carry, and with which values.
///
/// A parameter of an extension that is not offered is as unknown as any other
/// (RFC 5321, section 4.1.1.11).
struct ParameterRules {
    let offered: Set<ServiceExtension>
    let limits: Limits

    /// The refusal of the parameters of `MAIL`, or `nil`.
    ///
    /// - Parameters:
    ///   - isSecured: whether they came inside TLS.
    ///   - time: when they came, if that is known.
    func refusal(ofMail parameters: [ESMTPParameter], isSecured: Bool, at time: Timestamp?) -> Reply? {
        for parameter in parameters {
            if let refusal = refusal(ofMail: parameter, among: parameters, isSecured, time) { return refusal }
        }
        return nil
    }

    private func refusal(
        ofMail parameter: ESMTPParameter, among parameters: [ESMTPParameter], _ isSecured: Bool, _ time: Timestamp?
    ) -> Reply? {
        switch parameter.keyword {
        case "SIZE" where offered.contains(.size):
            SizeExtension.refusal(of: parameter.value, limits)
        case "BODY" where offered.contains(.eightBitMIME):
            BodyExtension.refusal(of: parameter.value, takesBinary: offered.contains(.binaryMIME))
        case "SMTPUTF8" where offered.contains(.smtpUTF8):
            SMTPUTF8Extension.refusal(of: parameter.value)
        case "AUTH" where offered.contains(.auth):
            AuthenticationExtension.refusal(ofSubmitter: parameter.value)
        case "RET" where offered.contains(.dsn):
            DeliveryStatusExtension.refusal(ofReturn: parameter.value)
        case "ENVID" where offered.contains(.dsn):
            DeliveryStatusExtension.refusal(ofIdentifier: parameter.value)
        case "MT-PRIORITY" where offered.contains(.transferPriority):
            TransferPriorityExtension.refusal(of: parameter.value)
        case "REQUIRETLS" where offered.contains(.requireTLS):
            RequireTLSExtension.refusal(of: parameter.value, isSecured: isSecured)
        case "BY" where offered.contains(.deliverBy):
            DeliverBy.refusal(of: parameter.value)
        case "HOLDFOR" where offered.contains(.futureRelease), "HOLDUNTIL" where offered.contains(.futureRelease):
            FutureRelease.refusal(of: parameter, among: parameters, at: time)
        case _:
            .unknownParameter
        }
    }

    /// The refusal of the parameters of `RCPT`, or `nil`.
    func refusal(ofRcpt parameters: [ESMTPParameter], isInternationalized: Bool) -> Reply? {
        for parameter in parameters {
            let refusal: Reply? =
                switch parameter.keyword {
                case "NOTIFY" where offered.contains(.dsn):
                    DeliveryStatusExtension.refusal(ofNotify: parameter.value)
                case "ORCPT" where offered.contains(.dsn):
                    DeliveryStatusExtension.refusal(
                        ofOriginalRecipient: parameter.value, isInternationalized: isInternationalized)
                case "RRVS" where offered.contains(.recipientValidSince):
                    RecipientValidSince.refusal(of: parameter.value)
                case _:
                    .unknownParameter
                }
            if let refusal { return refusal }
        }
        return nil
    }
}
