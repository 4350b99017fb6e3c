/// Which parameters `MAIL` and `RCPT` may carry, and with which values.
///
/// A parameter of an extension that is not offered is as unknown as any other
/// (RFC 5321, section 4.1.1.11).
struct ParameterRules {
    let offered: Set<ServiceExtension>
    let limits: Limits

    /// The refusal of the parameters of `MAIL`, or `nil`.
    func refusal(ofMail parameters: [ESMTPParameter]) -> Reply? {
        for parameter in parameters {
            let refusal: Reply?
            switch parameter.keyword {
            case "SIZE" where offered.contains(.size):
                refusal = SizeExtension.refusal(of: parameter.value, limits)
            case "BODY" where offered.contains(.eightBitMIME):
                refusal = BodyExtension.refusal(of: parameter.value, takesBinary: offered.contains(.binaryMIME))
            case "SMTPUTF8" where offered.contains(.smtpUTF8):
                refusal = SMTPUTF8Extension.refusal(of: parameter.value)
            case "AUTH" where offered.contains(.auth):
                refusal = AuthenticationExtension.refusal(ofSubmitter: parameter.value)
            case _:
                refusal = .unknownParameter
            }
            if let refusal { return refusal }
        }
        return nil
    }

    /// The refusal of the parameters of `RCPT`, or `nil`.
    func refusal(ofRcpt parameters: [ESMTPParameter]) -> Reply? {
        parameters.isEmpty ? nil : .unknownParameter
    }
}
