import NIOPosix
import SMTPKit

@main
struct SMTPDLite {
    static func main() async throws {
        var server = SMTPServer()
        server.configuration.limits.connections = 20000
        server.configuration.eventLoopGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        server.configuration.listen = [.tcp(host: "127.0.0.1", port: Int(CommandLine.arguments[1])!)]
        try await server.run()
    }
}
