import Glibc

/// `fault-proxy.py` before one of the registries.
final class FaultProxy: Sendable {
    private let server: ScriptServer
    /// `127.0.0.1:40001`
    var address: String { server.address }
    var port: Int { server.port }
    /// The requests that came: `PUT /v2/team/app/manifests/dev`.
    var requests: [String] { server.lines }

    /// - Parameters:
    ///   - address: of the registry.
    ///   - port: where to listen; any that is free where it is 0.
    ///   - rules: `METHOD:PART:FAULT:TIMES[:AFTER]`, as the script explains.
    init(before address: String, port: Int = 0, _ rules: [String]) async throws {
        server = try await ScriptServer("fault-proxy.py", [address, "--port", "\(port)"] + rules)
    }

    convenience init(before registry: Engine.Registry, _ rules: String...) async throws {
        try await self.init(before: registry.address, rules)
    }

    /// So that its address is free again.
    func stop() async throws { try await server.stop() }
}

/// One of the scripts beside this file, which say where they listen, and then what they saw.
final class ScriptServer: Sendable {
    private let running: Running
    let port: Int
    var address: String { "127.0.0.1:\(port)" }
    var lines: [String] { running.stdout.split(separator: "\n").dropFirst().map(String.init) }

    init(_ script: String, _ arguments: [String]) async throws {
        let path = "\(Host.root)/Tests/EndToEnd/Support/\(script)"
        let running = try Running("python3", [path] + arguments, in: "/", environment: Host.environment)
        for _ in 0..<1200 {
            if let line = running.stdout.split(separator: "\n").first, let port = Int(line) {
                self.running = running
                self.port = port
                return
            }
            try await Task.sleep(for: .milliseconds(25))
        }
        running.send(SIGKILL)
        throw SetUpFailure("\(script) did not say where it listens: \(running.stdout)\(running.stderr)")
    }

    func stop() async throws {
        running.send(SIGKILL)
        _ = try await running.wait()
    }

    deinit { running.send(SIGKILL) }
}
