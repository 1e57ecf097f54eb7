import NIOCore

/// Asks a proxy for a connection to another host (RFC 9110, section 9.3.6), and leaves when it has it. Lives on its event
/// loop.
final class TunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOCore.ByteBuffer
    typealias OutboundOut = NIOCore.ByteBuffer

    private let target: String
    private let proxy: ProxySettings.Proxy
    private var received: [UInt8] = []
    private var opened: EventLoopPromise<Void>?

    /// More than this many bytes of an answer are not believed.
    private static let maximumHead = 16 << 10

    /// - Parameters:
    ///   - target: host and port.
    ///   - opened: is fulfilled once what is sent goes to the target.
    init(_ target: String, through proxy: ProxySettings.Proxy, opened: EventLoopPromise<Void>) {
        self.target = target
        self.proxy = proxy
        self.opened = opened
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = "CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\nUser-Agent: relsh\r\n"
        if let authorization = proxy.authorization { head += "Proxy-Authorization: \(authorization)\r\n" }
        context.writeAndFlush(wrapOutboundOut(NIOCore.ByteBuffer(string: head + "\r\n")), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += Array(buffer: unwrapInboundIn(data))
        let text = String(decoding: received, as: UTF8.self)
        guard text.contains("\r\n\r\n") else {
            if received.count > Self.maximumHead { end(HTTPFailure(.proxy, "\(proxy.shown) is no proxy"), context) }
            return
        }
        let words = text.prefix { $0 != "\r\n" }.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            return end(HTTPFailure(.proxy, "\(proxy.shown) is no proxy"), context)
        }
        if (200..<300).contains(status) {
            let opened = opened
            self.opened = nil
            context.pipeline.syncOperations.removeHandler(self).cascade(to: opened)
        } else {
            // What a proxy says of a host that does not answer may pass.
            let kind: HTTPFailure.Kind = [502, 503, 504].contains(status) ? .refused : .proxy
            end(HTTPFailure(kind, "the proxy \(proxy.shown) answered \(status) when asked for \(target)"), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end(HTTPFailure(connection: error), context) }

    func channelInactive(context: ChannelHandlerContext) {
        end(HTTPFailure(.reset, "the proxy \(proxy.shown) hung up"), context)
        context.fireChannelInactive()
    }

    private func end(_ failure: HTTPFailure, _ context: ChannelHandlerContext) {
        opened?.fail(failure)
        opened = nil
        context.close(promise: nil)
    }
}
