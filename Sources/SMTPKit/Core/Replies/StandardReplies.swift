/// One reply for each situation a server meets, code and status in agreement.
///
/// Sources are named at each reply; where an RFC leaves the code open, the one that Postfix and
/// Exim users know is taken.
extension Reply {
    // MARK: Done

    /// `RSET` and `NOOP` were done.
    public static let ok = Reply(250, .success(.otherUndefinedStatus), "Ok")
    /// `MAIL` was accepted.
    public static let senderOK = Reply(250, .success(.otherAddressStatus), "Sender ok")
    /// `MAIL` was accepted, but a client that has not logged in cannot push ahead (RFC 6710, section 4.1).
    public static let priorityLowered = Reply(
        250, .success(.requestedPriorityWasChanged), "0 is the priority; a higher one needs AUTH")
    /// `RCPT` was accepted.
    public static let recipientOK = Reply(250, .success(.destinationAddressValid), "Recipient ok")
    /// `DATA` was accepted; the content is awaited.
    public static let startMailInput = Reply(354, nil, "End data with <CR><LF>.<CR><LF>")
    /// `QUIT`.
    public static let closing = Reply(221, .success(.otherUndefinedStatus), "Bye")
    /// `VRFY` without an answer of the application: RFC 5321, section 3.5.3 asks for 252.
    public static let cannotVerify = Reply(
        252, .success(.otherUndefinedStatus), "Cannot verify, but will accept message and attempt delivery")

    /// `VRFY` or `EXPN` whose answer is in UTF-8, without `SMTPUTF8` (RFC 6531, section 3.7.4.2).
    public static let utf8ReplyNeeded = Reply(
        252, .success(.utf8StringReplyRequired), "The answer is in UTF-8, which SMTPUTF8 would permit")

    // MARK: Command errors

    /// The verb is unknown.
    public static let unknownCommand = Reply(500, .permanent(.invalidCommand), "Command not recognized")
    /// The line is no command at all.
    public static let syntaxError = Reply(500, .permanent(.syntaxError), "Syntax error, command unrecognized")
    /// The line is longer than ``Limits/commandLine``.
    public static let lineTooLong = Reply(500, .permanent(.syntaxError), "Line too long")
    /// The verb is known but not served here.
    public static let notImplemented = Reply(502, .permanent(.invalidCommand), "Command not implemented")
    /// An argument is missing or malformed.
    public static let invalidArguments = Reply(501, .permanent(.invalidCommandArguments), "Invalid command arguments")
    /// The command has an argument, and takes none.
    public static let noArgumentsAllowed = Reply(501, .permanent(.invalidCommandArguments), "No arguments allowed")
    /// A command line holds a NUL or another control character.
    public static let controlCharacter = Reply(501, .permanent(.syntaxError), "Control character in command")
    /// Text that should be UTF-8 is not.
    public static let invalidUTF8 = Reply(501, .permanent(.syntaxError), "Invalid UTF-8 in command")
    /// A command contains a bare LF or CR (RFC 5321, section 2.3.8).
    public static let bareNewlineInCommand = Reply(
        521, .permanent(.syntaxError),
        "Bare <LF> or <CR> in command; end lines with <CR><LF>")
    /// The hello has no usable name.
    public static let helloNeedsName = Reply(
        501, .permanent(.invalidCommandArguments), "Hello requires a domain or address literal")
    /// `MAIL`, `RCPT` or another command came before the hello.
    public static let helloFirst = Reply(503, .permanent(.invalidCommand), "Send EHLO or HELO first")
    /// `AUTH` after `HELO` (RFC 4954, section 4).
    public static let ehloFirst = Reply(503, .permanent(.invalidCommand), "Send EHLO first")
    /// The same in LMTP (RFC 2033, section 4.1).
    public static let lhloFirst = Reply(503, .permanent(.invalidCommand), "Send LHLO first")
    /// A second `MAIL` within a transaction.
    public static let nestedMail = Reply(503, .permanent(.invalidCommand), "Sender already given")
    /// `RCPT` or `DATA` without `MAIL`.
    public static let mailFirst = Reply(503, .permanent(.invalidCommand), "Send MAIL first")
    /// `DATA` without an accepted recipient.
    public static let noValidRecipients = Reply(503, .permanent(.invalidCommand), "No valid recipients")
    /// `RCPT` or `DATA` after a chunk (RFC 3030, section 2).
    public static let chunksUnderWay = Reply(
        503, .permanent(.invalidCommand), "Chunks were sent; go on with BDAT, or RSET first")
    /// `DATA` for content that has no lines (RFC 3030, section 3).
    public static let binaryNeedsChunks = Reply(503, .permanent(.invalidCommand), "BODY=BINARYMIME needs BDAT")
    /// `BDAT` whose size cannot be told: what follows could be taken for commands, so the connection is closed
    /// (RFC 3030, section 2).
    public static let invalidChunkSize = Reply(
        501, .permanent(.invalidCommandArguments), "Invalid chunk size, closing channel")
    /// A parameter that no offered extension defines (RFC 5321, section 4.1.1.11).
    public static let unknownParameter = Reply(555, .permanent(.invalidCommandArguments), "Parameter not recognized")
    /// The same parameter twice (RFC 5321, section 4.1.2).
    public static let duplicateParameter = Reply(501, .permanent(.invalidCommandArguments), "Duplicate parameter")
    /// `MT-PRIORITY` with a value outside its grammar (RFC 6710, section 4.1, item 1).
    public static let invalidPriority = Reply(501, .permanent(.syntaxError), "Invalid priority, -9 to 9 is known")
    /// `REQUIRETLS` outside TLS (RFC 8689, section 2).
    public static let requireTLSInClear = Reply(
        530, .permanent(.otherOrUndefinedSecurityStatus), "REQUIRETLS needs TLS")
    /// A parameter with a value outside its grammar.
    public static let invalidParameter = Reply(501, .permanent(.invalidCommandArguments), "Invalid parameter value")
    /// An address list is asked for that does not exist.
    public static let cannotExpand = Reply(502, .permanent(.invalidCommand), "EXPN not implemented")

    /// `STARTTLS` or `AUTH` within a transaction (RFC 4954, section 4).
    public static let transactionUnderWay = Reply(
        503, .permanent(.invalidCommand), "Not permitted during a mail transaction")

    // MARK: TLS and authentication

    /// `STARTTLS` was accepted (RFC 3207, section 4).
    public static let readyToStartTLS = Reply(220, .success(.otherUndefinedStatus), "Ready to start TLS")
    /// `STARTTLS` inside TLS (RFC 3207, section 4.2).
    public static let tlsActive = Reply(503, .permanent(.invalidCommand), "TLS already active")
    /// The server demands TLS (RFC 3207, section 4).
    public static let startTLSFirst = Reply(
        530, .permanent(.otherOrUndefinedSecurityStatus), "Must issue a STARTTLS command first")
    /// The client is who it says (RFC 4954, section 6).
    public static let authenticated = Reply(235, .success(.otherOrUndefinedSecurityStatus), "Authentication successful")
    /// The server demands `AUTH` (RFC 4954, section 6).
    public static let authenticationRequired = Reply(
        530, .permanent(.otherOrUndefinedSecurityStatus), "Authentication required")
    /// User, password or token are wrong; which of them is not said (RFC 4954, section 6).
    public static let authenticationFailed = Reply(
        535, .permanent(.authenticationCredentialsInvalid), "Authentication credentials invalid")
    /// The users cannot be asked at present (RFC 4954, section 6).
    public static let authenticationUnavailable = Reply(
        454, .transient(.otherOrUndefinedSecurityStatus), "Temporary authentication failure")
    /// The client gave up with `*` (RFC 4954, section 4).
    public static let authenticationCancelled = Reply(
        501, .permanent(.otherOrUndefinedSecurityStatus), "Authentication cancelled")
    /// A second `AUTH` (RFC 4954, section 4).
    public static let alreadyAuthenticated = Reply(503, .permanent(.invalidCommand), "Already authenticated")
    /// The mechanism is not offered (RFC 4954, section 4).
    public static let unknownMechanism = Reply(
        504, .permanent(.invalidCommandArguments), "Unrecognized authentication mechanism")
    /// The mechanism sends the secret itself, and the connection is in clear (RFC 4954, section 6).
    public static let mechanismNeedsTLS = Reply(
        538, .permanent(.encryptionRequiredForMechanism), "Encryption required for requested authentication mechanism")
    /// A response is not base64 (RFC 4954, section 4).
    public static let invalidBase64 = Reply(501, .permanent(.syntaxError), "Cannot decode base64 response")
    /// A response is not what its mechanism demands.
    public static let malformedResponse = Reply(501, .permanent(.syntaxError), "Malformed authentication response")
    /// An initial response where the server speaks first (RFC 4954, section 4).
    public static let unexpectedInitialResponse = Reply(
        501, .permanent(.otherOrUndefinedSecurityStatus), "This mechanism takes no initial response")
    /// A line of the exchange is longer than ``Limits/authenticationLine`` (RFC 4954, section 6).
    public static let authenticationLineTooLong = Reply(
        500, .permanent(.authenticationExchangeLineTooLong), "Authentication exchange line too long")

    /// `XCLIENT` of a client that is not trusted (Postfix, `XCLIENT_README`).
    public static let xclientRefused = Reply(
        550, .permanent(.otherOrUndefinedSecurityStatus), "Not authorized to speak in the name of others")

    // MARK: Addresses

    /// `MAIL` with a malformed path.
    public static let senderSyntax = Reply(
        501, .permanent(.badSendersMailboxAddressSyntax), "Bad sender address syntax")
    /// `RCPT` with a malformed path.
    public static let recipientSyntax = Reply(
        501, .permanent(.badDestinationMailboxAddressSyntax), "Bad recipient address syntax")
    /// A path, local part or domain of `MAIL` over its limit.
    public static let senderPathTooLong = Reply(
        501, .permanent(.badSendersMailboxAddressSyntax), "Sender address too long")
    /// A path, local part or domain of `RCPT` over its limit.
    public static let recipientPathTooLong = Reply(
        501, .permanent(.badDestinationMailboxAddressSyntax), "Recipient address too long")
    /// A non-ASCII sender without SMTPUTF8 (RFC 6531, section 3.5).
    public static let senderNeedsSMTPUTF8 = Reply(
        550, .permanent(.nonASCIIAddressesNotPermitted), "Non-ASCII sender needs SMTPUTF8")
    /// A non-ASCII recipient without SMTPUTF8 (RFC 6531, section 3.5).
    public static let recipientNeedsSMTPUTF8 = Reply(
        553, .permanent(.nonASCIIAddressesNotPermitted), "Non-ASCII recipient needs SMTPUTF8")
    /// ``utf8ReplyNeeded`` where the answer is a refusal.
    public static let utf8RefusalNeeded = Reply(
        550, .permanent(.utf8StringReplyRequired), "The answer is in UTF-8, which SMTPUTF8 would permit")
    /// More recipients than ``Limits/recipients`` (RFC 5321, section 4.5.3.1.10).
    public static let tooManyRecipients = Reply(452, .transient(.tooManyRecipients), "Too many recipients")
    /// More domains than ``Limits/recipientDomains`` (RFC 9422, section 4.3).
    public static let tooManyDomains = Reply(
        452, .transient(.tooManyRecipients), "Too many recipient domains in this session")
    /// The mailbox does not exist.
    public static let mailboxNotFound = Reply(550, .permanent(.badDestinationMailboxAddress), "No such mailbox")
    /// The mailbox has no room now.
    public static let mailboxFull = Reply(452, .transient(.mailboxFull), "Mailbox full")
    /// The mailbox has no room, and will not get any.
    public static let mailboxFullForGood = Reply(552, .permanent(.mailboxFull), "Mailbox full")
    /// Mail for others is not passed on.
    public static let relayDenied = Reply(550, .permanent(.deliveryNotAuthorized), "Relaying denied")

    // MARK: Content

    /// The content is larger than ``Limits/messageSize`` (RFC 1870, section 6.3).
    public static let messageTooLarge = Reply(552, .permanent(.messageTooBigForSystem), "Message too large")
    /// The content holds a bare LF (RFC 5321, section 2.3.8).
    public static let bareLineFeed = Reply(
        550, .permanent(.syntaxError), "Message holds a bare <LF>; lines end with <CR><LF> only")
    /// The content holds a bare CR (RFC 5321, section 2.3.8).
    public static let bareCarriageReturn = Reply(
        550, .permanent(.syntaxError), "Message holds a bare <CR>; lines end with <CR><LF> only")
    /// A line of the content is longer than ``Limits/textLine``.
    public static let textLineTooLong = Reply(500, .permanent(.syntaxError), "Line of message too long")
    /// More `Received` fields than ``Limits/receivedFields`` (RFC 5321, section 6.3).
    public static let routingLoop = Reply(554, .permanent(.routingLoopDetected), "Too many hops, mail loop suspected")
    /// Storing failed for want of room.
    public static let insufficientStorage = Reply(452, .transient(.mailSystemFull), "Insufficient system storage")
    /// Storing failed, or a hook did.
    public static let localError = Reply(
        451, .transient(.otherOrUndefinedMailSystemStatus), "Local error in processing")

    // MARK: The connection

    /// The server does not serve this client; only `QUIT` is left (RFC 5321, section 3.1).
    public static let noService = Reply(554, nil, "No SMTP service here")
    /// Any command after ``noService``.
    public static let serviceRefused = Reply(503, .permanent(.invalidCommand), "No SMTP service here, only QUIT")
    /// The server is going down.
    public static let shuttingDown = Reply(
        421, .transient(.systemNotAcceptingNetworkMessages), "Service shutting down, closing channel")
    /// Nothing came within the time limit.
    public static let timedOut = Reply(421, .transient(.badConnection), "Timeout, closing channel")
    /// More bad commands than ``Limits/badCommands``.
    public static let tooManyErrors = Reply(
        421, .transient(.otherOrUndefinedSecurityStatus), "Too many errors, closing channel")
    /// More transactions than ``Limits/transactions`` (RFC 9422, section 4.1).
    public static let tooManyTransactions = Reply(
        421, .transient(.otherOrUndefinedSecurityStatus), "Too many transactions, closing channel")
    /// More connections than ``Limits/connections``.
    public static let tooManyConnections = Reply(
        421, .transient(.otherOrUndefinedSecurityStatus), "Too many connections, try again later")
    /// The client speaks HTTP: a browser or a proxy was pointed at this port.
    public static let wrongProtocol = Reply(
        421, .transient(.otherOrUndefinedSecurityStatus), "This is SMTP, not HTTP; closing channel")
    /// A line that does not end.
    public static let endlessLine = Reply(
        421, .transient(.otherOrUndefinedSecurityStatus), "Endless line, closing channel")

    /// A chunk came that is not the last (RFC 3030, section 2).
    ///
    ///     S: 250 2.0.0 Ok, 1000 octets received
    public static func chunkReceived(_ size: Int) -> Reply {
        Reply(250, .success(.otherUndefinedStatus), "Ok, \(size) octets received")
    }

    /// The message was stored and has a name.
    ///
    ///     S: 250 2.0.0 Ok: queued as 4F7A21C0
    public static func queued(as id: QueueID) -> Reply {
        Reply(250, .success(.otherUndefinedStatus), "Ok: queued as \(id)")
    }
}
