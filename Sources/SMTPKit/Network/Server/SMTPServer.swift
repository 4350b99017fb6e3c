public import NIOCore
import NIOPosix
public import SMTPCore

/// A server that receives mail.
///
/// A server is a value: what it listens on, what it grants, what it asks, and where messages go. Running
/// it is one structured call, which returns when the server is done.
///
///     var server = SMTPServer(store: DiscardingStore())
///     server.configuration.listen = [.tcp(host: "127.0.0.1", port: 2525)]
///     try await server.run()
///
/// - SeeAlso: RFC 5321.
public struct SMTPServer: Sendable {
    /// The addresses that the server listens on, and its behaviour.
    public var configuration: Configuration
    /// The application's answers.
    public var hooks: Hooks
    /// Where messages go.
    public var store: any MessageStore
    /// The observer of the server's events, or `nil`.
    public var observer: (any ServerObserver)?

    /// Makes a server.
    public init(
        configuration: Configuration = Configuration(),
        hooks: Hooks = Hooks(),
        store: any MessageStore = DiscardingStore(),
        observer: (any ServerObserver)? = nil
    ) {
        self.configuration = configuration
        self.hooks = hooks
        self.store = store
        self.observer = observer
    }

    /// Serves until the task is cancelled or `control` is told to finish.
    ///
    /// On cancellation the listeners are closed first, the idle are answered `421 4.3.2`, and
    /// transactions under way may end within ``Configuration/shutdownGrace``.
    ///
    /// - Parameter control: lets someone end the server from outside the task.
    /// - Throws: the error of the first address that cannot be bound.
    public func run(control: ServerControl = ServerControl()) async throws {
        let run = ServerRun(self, control: control)
        try await run.start()
        await withTaskCancellationHandler {
            await run.untilDone()
        } onCancel: {
            control.stop()
        }
        await store.close()
    }

    /// The addresses that a server listens on, and its behaviour.
    public struct Configuration: Sendable {
        /// The addresses, in order.
        public var listen: [ListenAddress] = [.tcp(host: "127.0.0.1", port: 2525)]
        /// The addresses that speak TLS from the first byte on (RFC 8314, section 3.3), in order.
        public var listenTLS: [ListenAddress] = []
        /// Connections that exist already; they are served beside those that come.
        public var connections: [EstablishedConnection] = []
        /// How connections are secured.
        public var security = ServerSecurity()
        /// How clients prove who they are.
        public var authentication = ServerAuthentication()
        /// Which protocol all listeners speak.
        public var serverProtocol = ServerProtocol.esmtp
        /// The server's name, as it appears in the greeting and in `Received`.
        public var hostname = "localhost"
        /// The text after the name in the greeting; `nil` for the protocol's name and the library's.
        public var banner: String?
        /// The limits for clients.
        public var limits = Limits()
        /// The treatment of a lone CR or LF.
        public var bareNewlines = BareNewlinePolicy.reject
        /// How much is let pass that the grammar does not allow.
        public var syntax = SyntaxPolicy.lenient
        /// Those of `ServiceExtension.promises` that are offered, because the application keeps them.
        public var promised: Set<ServiceExtension> = []
        /// Extensions that are not offered.
        public var hidden: Set<ServiceExtension> = []
        /// The application's own extensions.
        public var added: [ExtensionDefinition] = []
        /// The networks of proxies, whose connections begin with a header of the PROXY protocol, version 1 or 2. A
        /// connection of theirs without one is closed.
        public var proxies: [CIDRBlock] = []
        /// The networks whose clients may speak in the name of others, with `XCLIENT`.
        public var xclients: [CIDRBlock] = []
        /// How much of a message is kept in memory, in bytes; a larger one goes to an unlinked file.
        public var spoolThreshold = 128 << 10
        /// The folder of those files, or `nil` for the system's.
        public var spoolDirectory: String?
        /// The system calls that use those files.
        package var spoolCalls = FileCalls.system
        /// How long transactions under way may take to end when the server stops.
        public var shutdownGrace: Duration = .seconds(5)
        /// The event loops that serve connections.
        public var eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

        /// The defaults.
        public init() {}
    }
}
