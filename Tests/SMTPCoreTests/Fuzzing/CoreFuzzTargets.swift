import FuzzSupport

/// The fuzz targets of `SMTPCore` and `SMTPTLS`.
enum CoreFuzzTargets {
    static let all = [
        FuzzTarget("reply", check: FuzzedReplies.check),
        FuzzTarget("session", check: FuzzedSession.check),
        FuzzTarget("client", check: FuzzedClient.check),
        FuzzTarget("command", check: FuzzedCommand.check),
        FuzzTarget("proxy", check: FuzzedProxyHeader.check),
        FuzzTarget("content", check: FuzzedContent.check),
        FuzzTarget("message", check: FuzzedMessage.check),
        FuzzTarget("html", check: FuzzedHTML.check),
        FuzzTarget("bounce", check: FuzzedBounce.check),
        FuzzTarget("code", check: FuzzedCodes.check),
        FuzzTarget("mbox", check: FuzzedMbox.check),
        FuzzTarget("json", check: FuzzedJSON.check),
        FuzzTarget("dns", check: FuzzedDNSMessage.check),
        FuzzTarget("sasl", check: FuzzedSASL.check),
        FuzzTarget("tls", check: FuzzedTLS.check),
    ]
}
