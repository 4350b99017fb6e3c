import ArgumentParser

/// What all ways to use the tool have in common.
struct CommonOptions: ParsableArguments {
    @OptionGroup(title: "Connection")
    var connection: ConnectionOptions
    @OptionGroup(title: "TLS")
    var tls: TLSOptions
    @OptionGroup(title: "Authentication")
    var authentication: AuthenticationOptions
    @OptionGroup(title: "Output")
    var output: OutputOptions
}
