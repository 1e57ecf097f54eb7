import Glibc

/// `fault-proxy.py` before one of the registries.
final class FaultProxy: Sendable {
    private let running: Running
    /// `127.0.0.1:40001`
    let address: String

    /// - Parameter rules: `METHOD:PART:FAULT:TIMES`, as the script explains.
    init(before registry: Engine.Registry, _ rules: String...) async throws {
        let script = "\(Host.root)/Tests/EndToEnd/Support/fault-proxy.py"
        running = try Running(
            "python3", [script, registry.address] + rules, in: "/", environment: Host.environment)
        for _ in 0..<200 {
            if let port = running.stdout.split(separator: "\n").first {
                address = "127.0.0.1:\(port)"
                return
            }
            try await Task.sleep(for: .milliseconds(25))
        }
        running.send(SIGKILL)
        throw SetUpFailure("the fault proxy did not say where it listens: \(running.stdout)")
    }

    deinit { running.send(SIGKILL) }
}
