import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// A dry run fails where the run would, at what a change needs to find; unless what is planned before may make it.
@Suite struct PreconditionTests {
    private let network = FakeNetwork()
    private let engine: FakeEngine
    private let files = FakeFiles(["file": "x", "dist/x": "y"])

    init() {
        engine = FakeEngine(network)
        _ = engine.build("app:local", [[1, 1]])
        for host in ["127.0.0.1:5001", "registry-1.docker.io", "ghcr.io"] { network.registry(host) { _ in } }
    }

    private func plan(_ text: String, _ processes: (any ProcessRunner)? = nil) async throws -> ProgramRun {
        var world = projectWorld(processes ?? engine)
        world.http = network
        world.files = files
        world.clock = FakeClock()
        return try await ProgramRun.of(text, dryRun: true, world: world, catalog: StandardCatalog.catalog)
    }

    @Test(arguments: [
        ("docker.tag(\"no:such\", \"app:x\")", "there is no image no:such on this machine"),
        ("docker.push(\"127.0.0.1:5001/no:such\")", "there is no image 127.0.0.1:5001/no:such on this machine"),
        ("docker.run(\"127.0.0.1:5001/no:such\")", "127.0.0.1:5001/no:such is neither on this machine nor"),
        ("docker.copy_out(\"ghcr.io/no:such\", \"/a\", \"b\")", "ghcr.io/no:such is neither on this machine nor"),
        ("registry.retag(\"ghcr.io/a/no:such\", \"ghcr.io/a/no:x\")", "ghcr.io/a/no:such is not in its registry"),
        ("registry.copy(\"ghcr.io/a/no:such\", to: [\"ghcr.io/b/no:x\"])", "ghcr.io/a/no:such is not in its registry"),
        ("registry.publish(\"ghcr.io/a/no:such\", to: project.registries.all(), tags: [\"dev\"])", "ghcr.io/a/no:such"),
        ("files.copy(\"none\", \"other\")", "cannot read none: no such file or directory"),
        ("files.copy(\"file\", \"dist\")", "cannot write dist: it is a directory"),
        ("files.write(\"dist\", \"x\")", "cannot write dist: it is a directory"),
        ("files.create_directory(\"file\")", "there is a file of the name file"),
        ("files.create_directory(\"file/in/it\")", "there is a file of the name file"),
    ])
    func whatIsMissingIsNamed(_ text: String, _ message: String) async throws {
        let run = try await plan(text)
        #expect(run.error?.message.contains(message) == true, "\(text): \(run.error?.message ?? "no error")")
        #expect(files.contents.count == 2 && engine.lines.isEmpty)
    }

    @Test(arguments: [
        "docker.tag(\"app:local\", \"app:x\")\ndocker.tag(\"app:x\", \"app:y\")\ndocker.run(\"app:y\")",
        "docker.build(\".\", file: \"file\", tags: [\"app:new\"])\ndocker.run(\"app:new\")\ndocker.tag(\"app:new\", \"app:newer\")",
        "registry.publish(\"app:local\", to: project.registries.all(), tags: [\"dev\"])\n"
            + "registry.retag(\"ghcr.io/team/hello:dev\", \"ghcr.io/team/hello:old\")",
        "files.write(\"new\", \"x\")\nfiles.copy(\"new\", \"newer\")\nfiles.copy(\"newer\", \"newest\")",
        "files.remove(\"file\")\nfiles.create_directory(\"file\")",
        "files.remove(\"dist\", recursive: true)\nfiles.write(\"dist\", \"x\")",
        "$ make all\nfiles.copy(\"out/made\", \"other\")\ndocker.tag(\"made:it\", \"app:x\")",
        "let tag = $(make tag)\ndocker.build(\".\", file: \"file\", tags: [\"app:${tag}\"])\ndocker.run(\"app:1\")",
    ])
    func whatIsPlannedBeforeMayMakeIt(_ text: String) async throws {
        let run = try await plan(text)
        #expect(run.error == nil, "\(text)")
        #expect(!run.plan.isEmpty)
    }

    @Test func aLoginOpensItsOwnRegistryAlone() async throws {
        let login = "docker.login(project.registries.get(\"ghcr\"))\n"
        let retag = { (host: String) in "registry.retag(\"\(host)/team/no:such\", \"\(host)/team/no:x\")" }
        #expect(try await plan(login + retag("127.0.0.1:5001")).error?.id == "no-such-remote-image")
        #expect(try await plan(login + retag("ghcr.io")).error == nil)
    }

    @Test func aDockerfileMustBeThereOrBeMade() async throws {
        let build = "docker.build(context: \".\", file: \"Dockerfile.new\", tags: [\"app:x\"])"
        #expect(try await plan(build).error?.id == "file-not-read")
        #expect(try await plan("files.write(\"Dockerfile.new\", \"FROM a\")\n" + build).error == nil)
    }

    @Test func aBranchMustBeNewAndARefBeThere() async throws {
        let processes = FakeProcesses()
        let look = ["git", "rev-parse", "--verify", "--quiet"]
        processes.answer(look + ["refs/heads/old^{commit}"], [.init(stdout: "abc\n")])
        processes.answer(look + ["refs/heads/new^{commit}"], [.init(exitCode: 1)])
        processes.answer(look + ["gone^{commit}"], [.init(exitCode: 1)])
        #expect(try await plan("git.create_branch(\"old\")", processes).error?.id == "branch-exists")
        #expect(try await plan("git.push(\"gone\")", processes).error?.id == "no-such-git-ref")
        #expect(try await plan("git.create_branch(\"new\")\ngit.push(\"new\")", processes).error == nil)
    }

    @Test func aProgramMustBeThere() async throws {
        let programs = LiveProcesses(environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/")
        #expect(
            try await plan("$ no-such-program-here", programs).error?.message.contains("no-such-program-here") == true)
        #expect(try await plan("$ true | no-such-program-here", programs).error != nil)
        #expect(try await plan("run([\"no-such-program-here\"])", programs).error != nil)
        #expect(try await plan("run([\"./tool\"], cwd: \"/usr/bin\")", programs).error != nil)
        #expect(try await plan("run([\"./env\"], cwd: \"/usr/bin\")", programs).error == nil)
        #expect(try await plan("$ true\nsh(\"true\")", programs).error == nil)
        // What runs before may install it.
        #expect(try await plan("$ true\n$ no-such-program-here", programs).error == nil)
        #expect(try await plan("files.write(\"tool\", \"#!/bin/sh\")\n$ ./tool", programs).error == nil)
    }
}
