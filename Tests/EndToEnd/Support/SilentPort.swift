import Glibc

/// A port of this machine that takes connections and never says a word.
final class SilentPort: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(opened, address, size) == 0 && listen(opened, 64) == 0
                    && getsockname(opened, address, &size) == 0
            }
        }
        guard isBound else { throw SetUpFailure("no port: \(String(cString: strerror(errno)))") }
        descriptor = opened
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}
