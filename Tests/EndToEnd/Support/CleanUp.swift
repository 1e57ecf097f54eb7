import Glibc
import Testing

/// Takes away what the tests have made on this machine, once all of them are done.
struct CleanUp: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await function()
        if let engine = try? Engine() {
            try await removeContainers()
            let names = try await Host.run(
                "docker", "images", "--format", "{{.Repository}}:{{.Tag}}",
                "--filter", "reference=*/e2e-\(getpid())-*/hello-service")
            let mine = names.split(separator: "\n").map(String.init).filter { name in
                engine.registries.contains { name.hasPrefix("\($0.address)/e2e-\(getpid())-") }
            }
            if !mine.isEmpty {
                _ = try await Running("docker", ["rmi", "--force"] + mine, in: "/", environment: Host.environment)
                    .wait()
            }
        }
        try await Host.run("rm", "-rf", TemporaryFiles.directory)
    }

    /// Those that a test that failed has left.
    private func removeContainers() async throws {
        let format = "{{.ID}} {{.Mounts}} {{.Image}}"
        let lines = try await Host.run("docker", "ps", "--all", "--no-trunc", "--format", format)
        for line in lines.split(separator: "\n")
        where line.contains(TemporaryFiles.directory) || line.contains("/e2e-\(getpid())-") {
            try await Host.run("docker", "rm", "--force", "--volumes", String(line.prefix { $0 != " " }))
        }
    }
}
