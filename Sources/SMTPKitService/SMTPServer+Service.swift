#if Service
public import SMTPKit
public import ServiceLifecycle

/// A server among the services of a program.
///
///     let services = ServiceGroup(
///         services: [database, server], gracefulShutdownSignals: [.sigterm], logger: logger)
///     try await services.run()
extension SMTPServer: Service {
    /// Serves until the task is cancelled or the service group shuts down gracefully.
    ///
    /// A graceful shutdown is `ServerControl.stop()`: the listeners close, the idle hear `421 4.3.2`, and
    /// transactions under way may end within `Configuration.shutdownGrace`.
    ///
    /// - Throws: the error of the first address that cannot be bound.
    public func run() async throws {
        let control = ServerControl()
        try await withGracefulShutdownHandler {
            try await run(control: control)
        } onGracefulShutdown: {
            control.stop()
        }
    }
}
#endif
