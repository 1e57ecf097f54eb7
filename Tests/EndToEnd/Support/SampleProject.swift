import Glibc
import Testing

/// A project made by one of the examples: a real git history with a remote, and a place of its own in every registry.
struct SampleProject: Sendable {
    let directory: String
    /// `e2e-4711-1/hello-service`
    let repository: String
    let engine: Engine

    init(example: String = "hello-service") async throws {
        engine = try Engine()
        try Host.requireRelsh()
        let parent = TemporaryFiles.newDirectory("project")
        directory = "\(parent)/\(example)"
        let place = "e2e-\(getpid())-\(parent.split(separator: "/").last?.prefix { $0 != "-" } ?? "")"
        repository = "\(place)/\(example)"
        try await Host.run("\(Host.root)/examples/\(example)/make-history.sh", directory)
        var settings = readText(directory + "/relsh.toml")
        for (registry, port) in zip(engine.registries, ["5001", "5002", "5003"]) {
            settings = settings.replacing("127.0.0.1:\(port)/team", with: "\(registry.address)/\(place)")
        }
        try await commit("Take a place in the registries", ["relsh.toml": settings])
    }

    /// A project whose 1.0.0 is out, without having been tested.
    static func released() async throws -> SampleProject {
        let project = try await SampleProject()
        try await project.relsh("docker_release_all", "--version", "1.0.0", "--skip-tests").expect(0)
        return project
    }

    // MARK: - Acting

    func relsh(
        _ arguments: String..., in folder: String = "", environment: [String: String] = [:]
    ) async throws -> Finished {
        try await start(arguments, in: folder, environment: environment).wait()
    }

    func start(
        _ arguments: [String], in folder: String = "", environment: [String: String] = [:], input: Running.Input = .none
    ) throws -> Running {
        try Running(
            Host.relsh, arguments, in: "\(directory)/\(folder)",
            environment: Host.clean.merging(environment) { $1 }, input: input)
    }

    /// A change of the code and an entry of the changelog.
    func prepare(_ version: String) async throws {
        try await Host.run(
            "\(Host.root)/examples/hello-service/add-release.sh", directory, version, "Say what is new in \(version)")
    }

    func commit(_ message: String, _ files: [String: String]) async throws {
        for (path, text) in files { try writeFile("\(directory)/\(path)", text) }
        try await git("add", "-A")
        try await git("commit", "-q", "-m", message)
        try await git("push", "-q")
    }

    /// Has the repository that is pushed to run a script. Gives its path.
    @discardableResult
    func hookOfOrigin(_ name: String, _ script: String) throws -> String {
        let hook = directory + ".git/hooks/" + name
        try writeFile(hook, "#!/bin/sh\n\(script)\n")
        chmod(hook, 0o755)
        return hook
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        let words = ["-C", directory] + arguments
        let finished = try await Running("git", words, in: "/", environment: Host.environment).wait()
        guard finished.code == 0 else { throw SetUpFailure("\(finished)") }
        return finished.value
    }

    // MARK: - Looking

    var home: String { "\(engine.registries[0].address)/\(repository)" }

    /// What every registry holds: registry, tag, digest.
    func published() async throws -> [String: [String: String]] {
        var all: [String: [String: String]] = [:]
        for registry in engine.registries { all[registry.name] = try await registry.digests(of: repository) }
        return all
    }

    /// What the home registry's names stand for on this machine: tag, id.
    func local() async throws -> [String: String] {
        let lines = try await Host.run("docker", "images", "--no-trunc", "--format", "{{.Tag}} {{.ID}}", home)
        var tags: [String: String] = [:]
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if words.count == 2 { tags[words[0]] = words[1] }
        }
        return tags
    }

    /// The containers that work with this folder or with one of its prod images; dev images can be the same in several projects.
    func containers() async throws -> [String] {
        let ids = try await Host.run("docker", "ps", "--all", "--quiet", "--no-trunc").split(separator: "\n").map(
            String.init)
        let prod = try await local().filter { $0.key.hasPrefix("prod") }.map(\.value)
        var mine: [String] = []
        for id in ids {
            let format = "{{.Name}} {{.Image}} {{.Config.Image}} {{.Args}} {{range .Mounts}}{{.Source}} {{end}}"
            // One that has gone in the meantime is nobody's.
            let looked = try await Running(
                "docker", ["inspect", "--format", format, id], in: "/", environment: Host.environment
            )
            .wait()
            let isMine = (prod + [directory, repository]).contains { looked.stdout.contains($0) }
            if isMine { mine.append(looked.value) }
        }
        return mine
    }

    /// The tags of the remote, with the commits they stand for.
    func remoteTags() async throws -> [String: String] {
        let lines = try await git("ls-remote", "--tags", "origin")
        var tags: [String: String] = [:]
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: "\t").map(String.init)
            tags[String(words[1].dropFirst("refs/tags/".count))] = words[0]
        }
        return tags
    }

    /// Everything a release may change for others, and the moving tags of this machine.
    func state() async throws -> State {
        let local = try await local()
        return State(
            published: try await published(), moving: local.filter { ["dev", "prod"].contains($0.key) },
            localGitTags: try await git("tag", "--list"), remoteTags: try await remoteTags(),
            status: try await git("status", "--porcelain"), head: try await git("rev-parse", "HEAD"))
    }

    struct State: Equatable, Sendable {
        var published: [String: [String: String]]
        var moving: [String: String]
        var localGitTags: String
        var remoteTags: [String: String]
        var status: String
        var head: String
    }

    /// That no container of its own is left. The engine may still be at the removal of one that was only starting.
    func expectNoContainers(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        var left = try await containers()
        for _ in 0..<20 where !left.isEmpty {
            try await Task.sleep(for: .milliseconds(500))
            left = try await containers()
        }
        #expect(left == [], "of a run that has ended", sourceLocation: sourceLocation)
    }

    /// That these tags are in all registries, each with one digest everywhere and the digest of another tag where told.
    func expectEverywhere(
        _ tags: [String: String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let published = try await published()
        for (tag, other) in tags {
            let digests = published.mapValues { $0[tag] ?? "missing" }
            let wanted = published["ecr"]?[other] ?? "\(other) is missing"
            #expect(
                digests.values.allSatisfy { $0 == wanted }, "\(tag) should be \(wanted) everywhere: \(digests)",
                sourceLocation: sourceLocation)
        }
    }
}

extension Finished {
    /// That it ended with this code and, where told, that all of these are on the screen.
    @discardableResult
    func expect(
        _ code: Int32, _ texts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) -> Finished {
        #expect(self.code == code, "should end with \(code): \(self)", sourceLocation: sourceLocation)
        for text in texts {
            #expect(output.contains(text), "should show \(text): \(self)", sourceLocation: sourceLocation)
        }
        return self
    }

    @discardableResult
    func expectNot(_ texts: String..., sourceLocation: SourceLocation = #_sourceLocation) -> Finished {
        for text in texts {
            #expect(!output.contains(text), "should not show \(text): \(self)", sourceLocation: sourceLocation)
        }
        return self
    }
}
