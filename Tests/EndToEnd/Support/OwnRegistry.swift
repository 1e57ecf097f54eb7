import Glibc
import Synchronization

/// A registry of one test, which may kill it.
final class OwnRegistry: Sendable {
    /// `127.0.0.1:40001`, the same each time it starts.
    let address: String
    private let configuration: String
    private let running = Mutex<Running?>(nil)

    /// - Parameters:
    ///   - address: where to listen, if it is not to be on this machine's free port.
    ///   - settings: more lines of its configuration.
    init(_ settings: String = "", tls: String = "") async throws {
        address = "127.0.0.1:\(try FreePort.find())"
        let directory = TemporaryFiles.newDirectory("registry")
        configuration = directory + "/config.yml"
        try writeFile(
            configuration,
            """
            version: 0.1
            storage: {filesystem: {rootdirectory: "\(directory)/data"}, delete: {enabled: true}}
            http: {addr: "\(address)"\(tls)}
            \(settings)

            """)
        try await start(scheme: tls.isEmpty ? "http" : "https")
    }

    deinit { running.withLock { $0?.send(SIGKILL) } }

    var pid: pid_t { running.withLock { $0?.pid ?? 0 } }

    /// To ask what it holds.
    var registry: Engine.Registry { Engine.Registry(name: address, address: address, login: "") }

    func start(scheme: String = "http") async throws {
        let started = try Running(
            "docker-registry", ["serve", configuration], in: "/", environment: Host.environment)
        running.withLock { $0 = started }
        try await started.waitUntil("the registry at \(address) answers") {
            let asked = try Running(
                "curl",
                ["--silent", "--insecure", "--noproxy", "*", "--max-time", "5", "\(scheme)://\(self.address)/v2/"],
                in: "/", environment: Host.environment)
            return try await asked.wait().code == 0
        }
    }

    /// Ends it without a farewell. One that something else has killed may be buried by this, too.
    func kill() async throws {
        guard let started = running.withLock({ $0.take() }) else { return }
        started.send(SIGKILL)
        _ = try await started.wait()
    }

    /// Puts an image of random layers there, and gives its digest.
    func seed(_ repository: String, _ tag: String, layers: Int = 2, bytes: Int = 1_500_000) async throws -> String {
        try await Host.run(
            "python3", "\(Host.root)/scripts/seed-image.py", address, repository, tag, "\(layers)", "\(bytes)")
    }
}
