import ArgumentParser
import CommandLineSupport
import SMTPKit

/// Options for limits.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The largest message, in bytes or with K, M or G, for example 10MB; 0 for any. (default: 50M)",
            valueName: "size"),
        transform: ByteCount.parse)
    var maxSize: Int?

    @Option(
        help: ArgumentHelp("The most recipients of a message. (default: 1000)", valueName: "n"),
        transform: WholeNumber.parsePositive)
    var maxRecipients: Int?

    @Option(
        help: ArgumentHelp("The most connections at a time. (default: 1000)", valueName: "n"),
        transform: WholeNumber.parsePositive)
    var maxConnections: Int?

    @Option(
        help: ArgumentHelp("The most bad commands of a session. (default: 20)", valueName: "n"),
        transform: WholeNumber.parsePositive)
    var maxErrors: Int?

    @Option(
        help: ArgumentHelp("How long a command may take to come. (default: 5m)", valueName: "duration"),
        transform: TimeSpan.parse)
    var commandTimeout: Duration?

    @Option(
        help: ArgumentHelp("How long a message may pause. (default: 10m)", valueName: "duration"),
        transform: TimeSpan.parse)
    var dataTimeout: Duration?

    @Option(
        help: ArgumentHelp(
            "The most messages in a time, such as 10/s, 100/m or 5/30s; 421 to who begins another.",
            discussion: "Counted for all clients together. (default: any number)", valueName: "rate"),
        transform: Rate.parse)
    var rate: Rate?

    /// The limits that the options describe.
    var limits: Limits {
        var limits = Limits()
        if let maxSize { limits.messageSize = maxSize == 0 ? nil : maxSize }
        if let maxRecipients { limits.recipients = maxRecipients }
        if let maxConnections { limits.connections = maxConnections }
        if let maxErrors { limits.badCommands = maxErrors }
        if let commandTimeout {
            limits.commandInput = commandTimeout
            limits.tlsSetup = min(limits.tlsSetup, commandTimeout)
        }
        if let dataTimeout { limits.messageInput = dataTimeout }
        return limits
    }
}
