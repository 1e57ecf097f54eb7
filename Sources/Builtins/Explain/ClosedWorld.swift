import Lang

extension World {
    /// A world in which only the project can be read: whatever else is tried is refused. The name of the user is known
    /// from the environment, as it stands in tags.
    package static func closed(project: any ProjectSource, environment: [String: String]) -> World {
        World(
            processes: ClosedProcesses(), files: ClosedFiles(), http: ClosedHTTP(), registries: RegistryMemory(),
            environment: environment.filter { ["USER", "LOGNAME"].contains($0.key) }, clock: ClosedClock(),
            console: ClosedConsole(), project: project, events: ClosedEvents(), workingDirectory: "/")
    }
}

private struct ClosedProcesses: ProcessRunner {
    func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        throw RuntimeError(.world, .worldIsClosed())
    }
}

private struct ClosedHTTP: HTTPAccess {
    func send(_ request: HTTPRequest) async throws -> HTTPAnswer { throw RuntimeError(.world, .worldIsClosed()) }
}

private struct ClosedFiles: FileAccess {
    func read(_ path: String) throws -> [UInt8] { throw RuntimeError(.world, .worldIsClosed()) }
    func write(_ path: String, _ content: [UInt8]) throws { throw RuntimeError(.world, .worldIsClosed()) }
    func status(_ path: String) -> FileStatus? { nil }
    func list(_ path: String) throws -> [String] { throw RuntimeError(.world, .worldIsClosed()) }
    func createDirectory(_ path: String) throws { throw RuntimeError(.world, .worldIsClosed()) }
    func remove(_ path: String) throws { throw RuntimeError(.world, .worldIsClosed()) }
}

private struct ClosedClock: ClockAccess {
    func now() -> Double { 0 }
    func sleep(_ duration: Duration) async throws { throw RuntimeError(.world, .worldIsClosed()) }
}

private struct ClosedConsole: Console {
    func print(_ text: String) {}
    var isInteractive: Bool { false }
    var assumesYes: Bool { false }
    func readLine(prompt: String, isSecret: Bool) async throws -> String? {
        throw RuntimeError(.world, .worldIsClosed())
    }
    var width: Int { 80 }
    func withTerminal<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T { try await body() }
}

private struct ClosedEvents: EffectEvents {
    func commandStarted(_ line: String) -> Int { 0 }
    func commandOutput(_ command: Int, _ line: String) {}
    func commandFinished(_ command: Int, exitCode: Int, output: String) {}
    func note(_ text: String) {}
}
