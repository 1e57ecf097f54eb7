import Glibc

/// Where what a test stops and starts again can listen.
enum FreePort {
    /// A port that nobody listens on now, below those that the kernel gives out by itself (`ip_local_port_range`): one of
    /// theirs could be another test's while nobody listens.
    static func find() throws -> Int {
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000..<32_000)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            address.sin_port = port.bigEndian
            let length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isFree = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
            }
            if isFree { return Int(port) }
        }
        throw SetUpFailure("no free port: \(String(cString: strerror(errno)))")
    }
}
