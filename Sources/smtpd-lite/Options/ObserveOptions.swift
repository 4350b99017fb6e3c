import ArgumentParser

/// What is said on standard error.
struct ObserveOptions: ParsableArguments {
    @Flag(name: [.short, .long], help: "Show the dialogue on standard error.")
    var verbose = false

    @Flag(name: [.short, .long], help: "Say nothing but errors on standard error.")
    var quiet = false

    mutating func validate() throws {
        if verbose, quiet { throw ValidationError("--verbose and --quiet contradict each other; give one of them") }
    }
}
