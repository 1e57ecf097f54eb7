import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension HTTPFailure {
    /// What an error of the connection means.
    init(connection error: any Error) {
        switch error {
        case let failure as HTTPFailure: self = failure
        case let error as NIOConnectionError: self.init(connecting: error)
        case let error as IOError: self.init(errno: error)
        case HTTPParserError.invalidEOFState: self.init(.reset, "the connection ended before the answer did")
        case is HTTPParserError: self.init(.malformed, "what it answered is not HTTP")
        case let error as NIOSSLError where !Self.isEnd(error):
            self.init(.encryption, "no encrypted connection: \(error)")
        case is NIOSSLExtraError, is BoringSSLError: self.init(.encryption, "no encrypted connection: \(error)")
        case ChannelError.connectTimeout: self.init(.timeout, "no connection in time")
        default: self.init(.reset, "the connection ended before the answer did")
        }
    }

    private static func isEnd(_ error: NIOSSLError) -> Bool {
        if case .uncleanShutdown = error { true } else { false }
    }

    /// Every address of the host was tried; the last failure stands for all.
    private init(connecting error: NIOConnectionError) {
        if let last = error.connectionErrors.last {
            self.init(connection: last.error)
        } else {
            self.init(.unknownHost, "no such host: \(error.host)")
        }
    }

    private init(errno error: IOError) {
        switch error.errnoCode {
        case SystemError.refused: self.init(.refused, "connection refused")
        case SystemError.timedOut: self.init(.timeout, "no connection in time")
        case SystemError.unreachableHost, SystemError.unreachableNetwork: self.init(.refused, "no route to host")
        default: self.init(.reset, "the connection was reset")
        }
    }
}

/// The numbers that Linux gives these errors; their names would need the C library.
private enum SystemError {
    static let refused: CInt = 111
    static let timedOut: CInt = 110
    static let unreachableHost: CInt = 113
    static let unreachableNetwork: CInt = 101
}
