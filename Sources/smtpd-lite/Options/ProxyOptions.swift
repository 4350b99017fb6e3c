import ArgumentParser
import SMTPKit

/// The networks that may tell the real address of a client.
struct ProxyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Demand a header of the PROXY protocol, version 1 or 2, of connections from here.",
            discussion: "An address or a network; may be given several times.", valueName: "network"),
        transform: NetworkValue.parse)
    var proxyFrom: [CIDRBlock] = []

    @Option(
        help: ArgumentHelp(
            "Let clients from here speak in the name of others, with XCLIENT.",
            discussion: "An address or a network; may be given several times.", valueName: "network"),
        transform: NetworkValue.parse)
    var xclientFrom: [CIDRBlock] = []
}
