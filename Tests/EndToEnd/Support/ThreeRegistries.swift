import Testing

/// A project with three registries of its own. Before one of them, the third, stands a proxy that lets requests go wrong.
final class ThreeRegistries: Sendable {
    let registries: [OwnRegistry]
    /// What the project calls them.
    let addresses: [String]
    let directory: String
    /// What `dev` stands for before a release, and what it should stand for after it.
    let old: String
    let new: String
    private let proxyPort: Int

    static let repository = "team/app"

    /// - Parameter rules: of the proxy; `PID` in them is that of the third registry.
    static func make(_ rules: [String]) async throws -> (project: ThreeRegistries, proxy: FaultProxy) {
        var registries: [OwnRegistry] = []
        for _ in 0..<3 { registries.append(try await OwnRegistry()) }
        let rules = rules.map { $0.replacing("PID", with: "\(registries[2].pid)") }
        let proxy = try await FaultProxy(before: registries[2].address, port: FreePort.find(), rules)
        return (try await ThreeRegistries(registries, proxy), proxy)
    }

    private init(_ registries: [OwnRegistry], _ proxy: FaultProxy) async throws {
        self.registries = registries
        proxyPort = proxy.port
        addresses = registries[...1].map(\.address) + [proxy.address]
        directory = TemporaryFiles.newDirectory("three")
        old = try await registries[0].seed(Self.repository, "dev-1.0.0", layers: 1, bytes: 3000)
        new = try await registries[0].seed(Self.repository, "candidate")
        let tables = zip(["one", "two", "three"], addresses).map { "[registries.\($0)]\nbase = \"\($1)/team\"\n" }
        try writeFile(directory + "/relsh.toml", "name = \"app\"\n" + tables.joined(separator: "\n"))
        // Around the proxy, which is there for the release.
        let places = registries.map { "Image(\"\($0.address)/\(Self.repository):dev\")" }.joined(separator: ", ")
        let first = "Image(\"\(registries[0].address)/\(Self.repository):dev-1.0.0\")"
        try await relsh("registry.copy(\(first), to: [\(places)])").expect(0)
    }

    func relsh(_ text: String, environment: [String: String] = [:]) async throws -> Finished {
        try await run(["-e", text], environment: environment)
    }

    func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Finished {
        try await Host.relsh(
            arguments, in: directory, environment: Host.clean.merging(environment) { $1 }, limit: .seconds(120))
    }

    /// Version and moving tag, everywhere.
    func publish(tags: [String] = ["dev-2.0.0", "dev"]) async throws -> Finished {
        let image = "Image(\"\(addresses[0])/\(Self.repository):candidate\")"
        let names = tags.map { "\"\($0)\"" }.joined(separator: ", ")
        return try await relsh("registry.publish(\(image), to: project.registries.all(), tags: [\(names)])")
    }

    /// What a tag stands for in each of them, asked without the proxy.
    func digests(of tag: String = "dev") async throws -> [String?] {
        var found: [String?] = []
        for registry in registries { found.append(try await registry.registry.digests(of: Self.repository)[tag]) }
        return found
    }

    /// The third registry comes back, at its old address and with what it had.
    func revive(_ proxy: FaultProxy) async throws -> FaultProxy {
        try await registries[2].kill()
        try await registries[2].start()
        try await proxy.stop()
        return try await FaultProxy(before: registries[2].address, port: proxyPort, [])
    }
}
