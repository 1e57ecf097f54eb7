import NIOPosix

/// Where the disk is waited for: a thread of NIO's, which start with the first use. The few that Swift's tasks share must not
/// stand still, least of all the one that the machine runs on.
enum LedgerThread {
    static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await NIOThreadPool.singleton.runIfActive(body)
    }
}
