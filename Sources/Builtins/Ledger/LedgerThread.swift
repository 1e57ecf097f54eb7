import NIOPosix

/// Where the disk is waited for: a thread of NIO's, which start with the first use. The few that Swift's tasks share must not
/// stand still, least of all the one that the machine runs on.
enum LedgerThread {
    /// In a task of its own, as NIO does not begin what a cancelled one asks for: what has happened is written down, and locks
    /// are given back, whoever is impatient.
    static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await Task { try await NIOThreadPool.singleton.runIfActive(body) }.value
    }
}
