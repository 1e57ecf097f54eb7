import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// A repository of its own, with an origin beside it.
private struct Repository {
    let world: World
    let directory: String

    init() async throws {
        let files = World.machine().files
        directory = "/tmp/\(UniqueName.next("git-test"))"
        try files.createDirectory(directory + "/work")
        world = World.machine(workingDirectory: directory + "/work")
        try await git("init", "--quiet", "--initial-branch", "main")
        try await git("config", "user.email", "a@b.c")
        try await git("config", "user.name", "me")
        try await git("commit", "--quiet", "--allow-empty", "--message", "first")
        try await git("init", "--quiet", "--bare", "../origin")
    }

    @discardableResult
    func git(_ words: String...) async throws -> String {
        try await Command.run(["git"] + words, in: world, quiet: true).stdout.trimmed
    }

    func call(_ name: String, _ arguments: Value...) async throws -> Value {
        let effect = try #require(try builtin(name).implementation.effect)
        return try await effect.prepare(arguments).perform(world)()
    }

    func remove() async throws { _ = try await Command.run(["rm", "-rf", directory], in: .machine()) }
}

@Suite struct GitTests {
    private func withRepository(_ body: (Repository) async throws -> Void) async throws {
        let repository = try await Repository()
        do { try await body(repository) } catch {
            try await repository.remove()
            throw error
        }
        try await repository.remove()
    }

    @Test func tellsAboutTheRepository() async throws {
        try await withRepository { repository in
            let head = try await repository.git("rev-parse", "HEAD")
            #expect(try await repository.call("git.head").asString == head)
            #expect(head.hasPrefix(try await repository.call("git.short_head").asString ?? "-"))
            #expect(try await repository.call("git.branch").asString == "main")
            #expect(try await repository.call("git.is_clean").literal == "true")
            #expect(try await repository.call("git.remote_url").isNull)
            #expect(try await repository.call("git.root").literal == "Path(\"\(repository.directory)/work\")")
            _ = try await repository.call("git.create_branch", "topic")
            #expect(try await repository.call("git.branch").asString == "topic")
            try repository.world.files.write("new.txt", [])
            #expect(try await repository.call("git.is_clean").literal == "false")
            try await repository.git("checkout", "--quiet", "--detach")
            #expect(try await repository.call("git.branch").isNull)
        }
    }

    @Test func aTagIsAcceptedAtItsCommitAndRefusedElsewhere() async throws {
        try await withRepository { repository in
            _ = try await repository.call("git.tag", "app-1.0.0")
            _ = try await repository.call("git.tag", "app-1.0.0")
            #expect(try await repository.call("git.tag_exists", "app-1.0.0").literal == "true")
            #expect(try await repository.call("git.tag_exists", "app-1.0.1").literal == "false")
            let first = try await repository.git("rev-parse", "HEAD")
            #expect(try await repository.call("git.tagged", "app-1.0.0").literal == "\"\(first)\"")
            #expect(try await repository.call("git.tagged", "app-1.0.1").isNull)
            try await repository.git("commit", "--quiet", "--allow-empty", "--message", "second")
            let second = try await repository.git("rev-parse", "HEAD")
            let error = await failure { try await repository.call("git.tag", "app-1.0.0") }
            #expect(error?.id == "tag-elsewhere")
            #expect(error?.message.contains(first) == true && error?.message.contains(second) == true)
        }
    }

    @Test func aTagThatCannotBePushedIsRemovedAgain() async throws {
        try await withRepository { repository in
            let error = await failure { try await repository.call("git.tag", "app-1.0.0", true) }
            #expect(error?.message.contains("git could not push") == true)
            #expect(error?.help?.contains("git remote add origin") == true)
            #expect(try await repository.git("tag").isEmpty)
            try await repository.git("remote", "add", "origin", "/nowhere.git")
            let elsewhere = await failure { try await repository.call("git.tag", "app-1.0.0", true) }
            #expect(elsewhere?.help?.contains("git remote set-url origin") == true)
            try await repository.git("remote", "set-url", "origin", "../origin")
            _ = try await repository.call("git.tag", "app-1.0.0", true, "a release")
            #expect(try await repository.git("ls-remote", "--tags", "origin").contains("refs/tags/app-1.0.0"))
            _ = try await repository.call("git.push", "main")
        }
    }

    @Test func aBranchThatIsThereIsNamedWithWhatToDo() async throws {
        try await withRepository { repository in
            _ = try await repository.call("git.create_branch", "Task1_A")
            let error = await failure { try await repository.call("git.create_branch", "Task1_A") }
            #expect(error?.message.contains("create the branch Task1_A: fatal: a branch named 'Task1_A'") == true)
            #expect(error?.help?.contains("git switch") == true)
        }
    }

    @Test(
        "names are those that git takes",
        arguments: [
            "v1", "hello-service-1.2.0", "1.0.0-rc.1+build", "a/b", "été", "@", "a@b", "a{b}", "v1.", "", "-v", "a b",
            "a\tb", "a..b",
            "a~1", "v1^{commit}", "a:b", "a?", "a*", "[a]", "a\\b", ".a", "a/.b", "a.lock", "a.lock/b", "a//b", "/a",
            "a/", "a@{1}",
            "a\u{7f}", "a\nb",
        ])
    func names(name: String) async throws {
        let world = World.machine(workingDirectory: "/tmp")
        let words = ["git", "check-ref-format", "refs/tags/\(name)"]
        let isTaken = try await Command.run(words, in: world, check: false, quiet: true).exitCode == 0
        // It is told of whole refs, which begin with another part.
        #expect(GitName.isName(name) == (isTaken && !name.hasPrefix("-")))
        if !isTaken {
            let error = await failure { try await builtin("git.tagged").call(.string(name), in: world) }
            #expect(error?.id == "unsafe-git-name")
        }
    }

    @Test func outsideARepositoryItSaysSo() async throws {
        let world = World.machine(workingDirectory: "/tmp")
        for name in ["git.head", "git.is_clean", "git.remote_url"] {
            #expect(await failure { try await builtin(name).call(in: world) }?.id == "not-a-repository")
        }
        #expect(await failure { try await builtin("git.push").call("--force", in: world) }?.id == "unsafe-git-name")
    }

    @Test func aTagOfATransactionThatFailsIsGoneHereAndFromOrigin() async throws {
        try await withRepository { repository in
            try await repository.git("remote", "add", "origin", "../origin")
            try await repository.git("tag", "kept")
            let run = try await ProgramRun.of(
                """
                transaction "t" {
                    git.tag("kept", push: true)
                    git.tag("v1", push: true)
                    git.tag("v2")
                    fail "no"
                }
                """, world: repository.world, catalog: StandardCatalog.catalog)
            #expect(run.error?.message == "no")
            #expect(!run.undoIsIncomplete, "\(run.notes)")
            #expect(try await repository.git("tag", "--list") == "kept")
            // One that was here before and not there goes from there, too.
            #expect(try await repository.git("ls-remote", "--tags", "origin").isEmpty)
        }
    }

    @Test func aTagThatOriginHadAlreadyStaysThereAndIsFetched() async throws {
        try await withRepository { repository in
            try await repository.git("remote", "add", "origin", "../origin")
            try await repository.git("tag", "--annotate", "--message", "theirs", "v1")
            try await repository.git("push", "--quiet", "origin", "refs/tags/v1")
            let theirs = try await repository.git("ls-remote", "origin", "refs/tags/v1")
            try await repository.git("tag", "--delete", "v1")
            let text =
                "transaction \"t\" {\n    git.tag(\"v1\", push: true)\n    if $(git tag --list) != \"v1\" { fail \"not here\" }\n"
            let run = try await ProgramRun.of(
                text + "    fail \"no\"\n}", world: repository.world, catalog: StandardCatalog.catalog)
            #expect(run.error?.message == "no")
            #expect(try await repository.git("tag", "--list").isEmpty)
            #expect(try await repository.git("ls-remote", "origin", "refs/tags/v1") == theirs)
        }
    }

    @Test func aTagThatIsHereAndAtOriginIsNotPushedAgain() async throws {
        try await withRepository { repository in
            try await repository.git("remote", "add", "origin", "../origin")
            let text = "transaction \"t\" { git.tag(\"v1\", push: true) }"
            let first = try await ProgramRun.of(text, world: repository.world, catalog: StandardCatalog.catalog)
            let second = try await ProgramRun.of(text, world: repository.world, catalog: StandardCatalog.catalog)
            #expect(first.error == nil && second.error == nil)
            #expect(first.events.contains { $0.contains("git push") }, "\(first.events)")
            #expect(!second.events.contains { $0.contains("git push") }, "\(second.events)")
            #expect(try await repository.git("ls-remote", "--tags", "origin").contains("refs/tags/v1"))
        }
    }

    @Test func aTagAtAnotherCommitOfOriginIsRefusedBeforeAnythingIsMade() async throws {
        try await withRepository { repository in
            try await repository.git("remote", "add", "origin", "../origin")
            try await repository.git("push", "--quiet", "origin", "HEAD:refs/tags/v1")
            try await repository.git("commit", "--quiet", "--allow-empty", "--message", "second")
            for isDry in [false, true] {
                let run = try await ProgramRun.of(
                    "transaction \"t\" { git.tag(\"v1\", push: true) }", dryRun: isDry, world: repository.world,
                    catalog: StandardCatalog.catalog)
                #expect(run.error?.message.contains("the git tag v1 exists at origin, at the commit") == true)
            }
            #expect(try await repository.git("tag", "--list").isEmpty)
        }
    }

    @Test func aPushThatIsBrokenOffLeavesNothingAtOrigin() async throws {
        try await withRepository { repository in
            try await repository.git("remote", "add", "origin", "../origin")
            let hook = repository.directory + "/origin/hooks/post-receive"
            try repository.world.files.write(hook, Array("#!/bin/sh\n: > started\nsleep 60\n".utf8))
            _ = try await Command.run(["chmod", "+x", hook], in: repository.world)
            let world = repository.world
            let task = Task {
                try await ProgramRun.of(
                    "transaction \"t\" { git.tag(\"v1\", push: true) }", world: world, catalog: StandardCatalog.catalog)
            }
            // The tag is there a moment before the hook runs.
            let started = repository.directory + "/origin/started"
            for _ in 0..<2400 where world.files.status(started) == nil {
                try await Task.sleep(for: .milliseconds(50))
            }
            // What takes it back must not wait for the hook.
            _ = try await Command.run(["rm", hook], in: repository.world)
            task.cancel()
            #expect(try await task.value.error?.kind == .cancelled)
            #expect(try await repository.git("tag", "--list").isEmpty)
            #expect(try await repository.git("ls-remote", "--tags", "origin").isEmpty)
        }
    }

    @Test func aTagThatSomebodyHasMovedAtOriginStays() async throws {
        try await withRepository { repository in
            try await repository.git("remote", "add", "origin", "../origin")
            let tag = try GitTag("v2", push: true, message: nil)
            try await tag.perform(in: repository.world)
            try await repository.git("commit", "--quiet", "--allow-empty", "--message", "second")
            try await repository.git("push", "--quiet", "--force", "origin", "HEAD:refs/tags/v2")
            let moved = try await repository.git("ls-remote", "origin", "refs/tags/v2")
            let here = try await repository.git("rev-parse", "refs/tags/v2")
            #expect(
                try await tag.removalCommands(in: repository.world) == [
                    "git push --force-with-lease=refs/tags/v2:\(here) origin :refs/tags/v2", "git tag --delete v2",
                ])
            let error = await #expect(throws: RuntimeError.self) { try await tag.remove(in: repository.world) }
            #expect(error?.message.contains("could not remove the tag v2 from origin") == true)
            #expect(try await repository.git("ls-remote", "origin", "refs/tags/v2") == moved)
        }
    }
}

@Suite struct GitStatusTests {
    @Test func everyKindOfRecordIsRead() {
        let status = GitStatus(
            Array(
                """
                # branch.oid 5f3c1e\0# branch.head master\0# branch.upstream origin/master\0\
                1 .M N... 100644 100644 100644 aaaa bbbb a file with blanks.txt\0\
                1 D. N... 100644 000000 000000 aaaa 0000 gone\0\
                1 A. N... 000000 100644 100644 0000 bbbb added\0\
                1 .M S.MU 160000 160000 160000 aaaa aaaa sub\0\
                1 .T S... 160000 160000 100644 aaaa aaaa no sub\0\
                u UU S... 160000 160000 160000 160000 aaaa bbbb cccc sub of both\0\
                u UU N... 100644 100644 100644 100644 aaaa bbbb cccc both sides\0\
                ? new one\0? clone/\0! ignored\0? caf
                """.utf8) + [0xE9, 0])
        #expect(status.commit == "5f3c1e")
        let files = ["a file with blanks.txt", "gone", "no sub", "both sides"]
        #expect(status.entries.filter { $0.kind == .file && !$0.isNew }.map(\.path) == files)
        let new = status.entries.filter { $0.kind == .file && $0.isNew }.map(\.path)
        #expect(new.map(FileName.shown) == ["added", "new one", #"caf\xe9"#])
        let others = status.entries.filter { $0.kind != .file }
        #expect(
            others == [
                .init(path: "sub", kind: .submodule("aaaa"), isNew: false),
                .init(path: "sub of both", kind: .submodule(nil), isNew: false),
                .init(path: "clone/", kind: .repository, isNew: true),
            ])
    }

    @Test func beforeTheFirstCommitThereIsNone() {
        #expect(GitStatus("# branch.oid (initial)\0# branch.head master\0? new\0".utf8).commit == nil)
        #expect(GitStatus([]).commit == nil)
    }
}
