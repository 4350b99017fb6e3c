import NIOCore
import NIOHTTP1
import NIOPosix
import SMTPKit
import SMTPTLS

/// Why a policy could not be fetched.
enum PolicyError: Error, CustomStringConvertible {
    /// The host does not answer in time, or the name server fails: nothing is known.
    case unknown(String)
    /// The host answers, and there is no policy that counts.
    case refused(String)

    var description: String {
        switch self {
        case .unknown(let reason), .refused(let reason): reason
        }
    }
}

/// Fetches the MTA-STS policy of a domain: one GET over TLS with a valid certificate, without redirects, of bounded
/// size and time.
///
///     GET /.well-known/mta-sts.txt HTTP/1.1
///     Host: mta-sts.example.net
///
/// - SeeAlso: RFC 8461, section 3.3.
struct PolicyFetch: Sendable {
    /// How much of a policy is read, in bytes.
    static let maximumSize = 64 << 10

    private let plan: CheckPlan
    private let host: String

    init(_ plan: CheckPlan, domain: String) {
        self.plan = plan
        host = "mta-sts.\(domain)"
    }

    func run() async throws -> STSPolicyAnswer {
        let place = try addresses()
        var configuration = TLSConfiguration.client()
        if let authorities = plan.authorities { configuration.trust = .certificates(authorities) }
        configuration.applicationProtocols = ["http/1.1"]
        let context = try TLSContext(configuration)
        var failure: any Error = PolicyError.refused("\(host) has no address")
        for address in place.addresses {
            do {
                return try await fetch(SocketAddress(ipAddress: address, port: Int(place.port)), context)
            } catch let error as PolicyError {
                failure = error
                guard case .unknown = error else { throw error }
            } catch let error as RecordError {
                throw error
            } catch let error as TLSFailure {
                throw PolicyError.refused("TLS with \(host) fails: \(error)")
            } catch let error as IOError {
                failure = PolicyError.refused("\(host): \(error)")
            } catch let error as NIOConnectionError {
                failure = PolicyError.refused("\(host): \(error)")
            } catch ChannelError.connectTimeout {
                failure = PolicyError.unknown("\(host) does not answer within \(plan.connectTimeout.inSeconds)")
            } catch {
                failure = PolicyError.refused("\(host) does not speak HTTP: \(error)")
            }
        }
        throw failure
    }

    private func addresses() throws -> (addresses: [String], port: UInt16) {
        let name = plan.https?.host ?? host
        do {
            return (try plan.lookup.addresses(of: name, family: plan.family), plan.https?.port ?? 443)
        } catch  where !error.isTemporary {
            throw PolicyError.refused("\(error)")
        } catch {
            throw PolicyError.unknown("\(error)")
        }
    }

    private func fetch(_ address: SocketAddress, _ context: TLSContext) async throws -> STSPolicyAnswer {
        let (host, late) = (host, late)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(plan.connectTimeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handlers = channel.pipeline.syncOperations
                    try handlers.addHandler(TLSHandler(client: context, serverName: host))
                    try handlers.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
                    try handlers.addHandler(PolicyReader())
                }
            }
            .connect(to: address).get()
        let answer = try await channel.eventLoop.flatSubmit { () -> EventLoopFuture<PolicyReader.Answer> in
            do {
                return try channel.pipeline.syncOperations.handler(type: PolicyReader.self).request(host)
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }.timeout(plan.timeout, channel) { late }.get()
        try? await channel.close()
        return try judge(answer)
    }

    private var late: PolicyError { .unknown("\(host) does not answer within \(plan.timeout.inSeconds)") }

    private func judge(_ answer: PolicyReader.Answer) throws -> STSPolicyAnswer {
        guard answer.head.status == .ok else {
            let target = answer.head.headers.first(name: "location").map { ", a redirect to \($0)" } ?? ""
            throw PolicyError.refused("\(host) answers with status \(answer.head.status.code)\(target)")
        }
        var remarks: [String] = []
        let type = answer.head.headers.first(name: "content-type") ?? ""
        let media = type.prefix { $0 != ";" }.trimmingBlanks.lowercased()
        if media != "text/plain" { remarks.append("its type is '\(type.prefix(60))', not text/plain") }
        var octets = Array(answer.body.readableBytesView)
        if answer.isCut {
            remarks.append("it is longer than 64 KiB")
            // The last line was cut off somewhere.
            octets = Array(octets[...(octets.lastIndex(of: 10) ?? octets.endIndex - 1)])
        }
        return STSPolicyAnswer(policy: try STSPolicy(parsing: octets), remarks: remarks)
    }
}

/// Sends the request when TLS is up, and reads the response as far as it may be long.
private final class PolicyReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    struct Answer: Sendable {
        let head: HTTPResponseHead
        let body: ByteBuffer
        /// Whether there was more than ``PolicyFetch/maximumSize``.
        let isCut: Bool
    }

    private var head: HTTPResponseHead?
    private var body = ByteBuffer()
    private var context: ChannelHandlerContext?
    private var promise: EventLoopPromise<Answer>?
    private var result: Result<Answer, any Error>?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        finish(.failure(PolicyError.refused("the connection ends before the policy does")))
    }

    /// Sends the request. TLS holds it until the handshake is done.
    func request(_ host: String) -> EventLoopFuture<Answer> {
        guard let context, result == nil else {
            return context?.eventLoop.makeCompletedFuture { try answer() }
                ?? MultiThreadedEventLoopGroup.singleton.any().makeCompletedFuture { try answer() }
        }
        let promise = context.eventLoop.makePromise(of: Answer.self)
        self.promise = promise
        let headers: HTTPHeaders = ["Host": host, "Accept": "text/plain", "Connection": "close"]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/.well-known/mta-sts.txt", headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        return promise.futureResult
    }

    private func answer() throws -> Answer {
        guard let result else { throw PolicyError.refused("the connection is closed") }
        return try result.get()
    }

    private func finish(_ outcome: Result<Answer, any Error>) {
        guard result == nil else { return }
        result = outcome
        promise?.completeWith(outcome)
        promise = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(var piece):
            body.writeBuffer(&piece)
            guard body.readableBytes > PolicyFetch.maximumSize else { return }
            body.moveWriterIndex(to: body.readerIndex + PolicyFetch.maximumSize)
            end(isCut: true, context)
        case .end: end(isCut: false, context)
        }
    }

    private func end(isCut: Bool, _ context: ChannelHandlerContext) {
        if let head { finish(.success(Answer(head: head, body: body, isCut: isCut))) }
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(error))
        context.close(promise: nil)
    }
}

extension EventLoopFuture where Value: Sendable {
    /// The same value, or an error when it does not come in time; the channel is closed then.
    fileprivate func timeout(
        _ limit: Duration, _ channel: any Channel, _ error: @escaping @Sendable () -> any Error
    ) -> EventLoopFuture<Value> {
        let promise = eventLoop.makePromise(of: Value.self)
        let task = eventLoop.scheduleTask(in: TimeAmount(limit)) {
            promise.fail(error())
            channel.close(promise: nil)
        }
        whenComplete { result in
            task.cancel()
            promise.completeWith(result)
        }
        return promise.futureResult
    }
}
