import ArgumentParser

/// Options that all commands of the tool share.
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
