/// The groups of options that the shell, scripts, `send` and `load` share.
struct CommonOptions {
    var connection: ConnectionOptions
    var tls: TLSOptions
    var authentication: AuthenticationOptions
    var output: OutputOptions
}

/// A command with the groups of ``CommonOptions``.
///
/// Each command names the four groups itself, in place of one group that holds them: a debug build has the parser check
/// all that a group holds five times for each level above it, and a start took four times as long.
protocol HasCommonOptions {
    var connection: ConnectionOptions { get }
    var tls: TLSOptions { get }
    var authentication: AuthenticationOptions { get }
    var output: OutputOptions { get }
}

extension HasCommonOptions {
    var common: CommonOptions {
        CommonOptions(connection: connection, tls: tls, authentication: authentication, output: output)
    }
}
