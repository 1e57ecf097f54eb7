import Glibc
import Testing

/// Takes away what the tests have made on this machine, once all of them are done.
struct CleanUp: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await function()
        if (try? Engine()) != nil { try await removeImages() }
        try await Host.run("rm", "-rf", TemporaryFiles.directory)
    }

    /// The images of all projects, and the containers that a test that failed has left. What docker does not take away says
    /// nothing about relsh.
    private func removeImages() async throws {
        let images = try await lines(
            "images", "--no-trunc", "--filter", "reference=*/e2e-\(getpid())-*/*", "--format",
            "{{.Repository}}:{{.Tag}} {{.ID}}")
        // A dev image can be the same in several projects, in somebody else's too; a prod image holds a project's own code.
        let prod = images.filter { $0.contains(":prod") }.compactMap { $0.split(separator: " ").last.map(String.init) }
        let mine = prod + [TemporaryFiles.directory, "/e2e-\(getpid())-"]
        let format = "{{.ID}} {{.Image}} {{.Mounts}}"
        for line in try await lines("ps", "--all", "--no-trunc", "--format", format)
        where mine.contains(where: line.contains) {
            _ = try? await Host.run("docker", "rm", "--force", "--volumes", String(line.prefix { $0 != " " }))
        }
        // A pull by digest leaves an entry without a tag, which goes with the others.
        let names = images.filter { !$0.contains("<none>") }.map { $0.prefix { $0 != " " } + "\n" }.joined()
        _ = try? await Host.run("xargs", "-r", "-n", "8", "-P", "4", "docker", "rmi", "--force", input: names)
    }

    private func lines(_ arguments: String...) async throws -> [String] {
        let finished = try await Running("docker", arguments, in: "/", environment: Host.environment).wait()
        return finished.stdout.split(separator: "\n").map(String.init)
    }
}
