import Synchronization
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// That a project is seen to have changed, whatever lies in it: submodules, other repositories, links, names that are not UTF-8.
@Suite struct ProjectLookTests {
    /// A project with a submodule, a link and a file whose name is not UTF-8, all committed.
    private func withProject(_ body: (_ shell: Shell) async throws -> Void) async throws {
        let directory = "/tmp/\(UniqueName.next("look-test"))"
        try World.machine().files.createDirectory(directory + "/work")
        let shell = Shell(directory: directory + "/work")
        do {
            try await shell.run(
                """
                start() { git init --quiet --initial-branch main; git config user.email a@b.c; git config user.name me; }
                mkdir ../sub && cd ../sub && start && echo clean > f && git add f && git commit --quiet -m sub
                cd ../work && start && git -c protocol.file.allow=always submodule --quiet add ../sub sm
                git -C sm config user.email a@b.c && git -C sm config user.name me
                echo 1 > $'caf\\xe9.txt' && mkdir rel1 rel2 && touch rel1/a rel2/a && ln -s rel1 current
                git add --all && git commit --quiet -m first
                """)
            try await body(shell)
        } catch {
            try await remove(directory)
            throw error
        }
        try await remove(directory)
    }

    private func remove(_ directory: String) async throws {
        _ = try await Command.run(["rm", "-rf", directory], in: .machine())
    }

    private struct Shell {
        let directory: String
        var world: World { World.machine(workingDirectory: directory) }

        func run(_ text: String) async throws {
            try await Command.run(["bash", "-ec", text], in: world, quiet: true)
        }

        func state(in other: World? = nil) async throws -> ProjectState {
            try #require(await ProjectState.read(in: other ?? world))
        }

        /// What is told to have changed by a command.
        func changes(_ text: String) async throws -> [String] {
            // As a plan or the ledger has it.
            let before = try #require(ProjectState(commit: try await state().commit, text: try await state().text))
            try await run(text)
            return before.differences(to: try await state(), but: [], from: directory)
        }
    }

    private static let fresh = "has changed since (it was as in the commit)"
    private static let again = "has changed since (it differed from the commit in another way)"

    @Test func whatChangesInADirtySubmoduleIsTold() async throws {
        try await withProject { shell in
            #expect(try await shell.changes("echo 1 > sm/f") == ["sm/f \(Self.fresh)"])
            #expect(
                try await shell.changes("echo 2 > sm/f") == [
                    "sm/f \(Self.again)"
                ])
            #expect(try await shell.changes("touch sm/new") == ["sm/new is new"])
            #expect(try await shell.changes("echo 1 > sm/new") == ["sm/new has changed since (it had other content)"])
            #expect(try await shell.changes(":") == [])
            let commit = try await shell.changes("git -C sm add --all; git -C sm commit --quiet -m second")
            #expect(commit.contains("sm \(Self.fresh)"))
            let next = try await shell.changes("git -C sm commit --quiet --allow-empty -m third")
            #expect(next == ["sm \(Self.again)"])
            // What is not looked at by git is part of the project all the same.
            try await shell.run("git config submodule.sm.ignore all")
            #expect(try await shell.changes("echo 3 > sm/f") == ["sm/f \(Self.fresh)"])
        }
    }

    @Test func whatChangesInARepositoryThatGitDoesNotKnowIsTold() async throws {
        try await withProject { shell in
            #expect(
                try await shell.changes("git clone --quiet ../sub vendor; git clone --quiet ../sub vendor/deep") == [
                    "vendor/ is new", "vendor/deep/ is new",
                ])
            for path in ["vendor/f", "vendor/deep/f"] {
                #expect(
                    try await shell.changes("echo 1 > \(path)") == ["\(path) \(Self.fresh)"])
                #expect(
                    try await shell.changes("echo 2 > \(path)") == [
                        "\(path) \(Self.again)"
                    ])
            }
            let identity = "-c user.name=me -c user.email=a@b.c"
            #expect(
                try await shell.changes("git -C vendor \(identity) commit --quiet --allow-empty -m second") == [
                    "vendor/ has changed since (it had other content)"
                ])
            // One without a commit.
            try await shell.run("git init --quiet begun; echo 1 > begun/f")
            #expect(
                try await shell.changes("echo 2 > begun/f") == ["begun/f has changed since (it had other content)"])
        }
    }

    /// In a directory that no program can be given, and where git does not tell.
    @Test(arguments: [#"$'d\xe9'"#, "other"])
    func whereGitIsNotAskedTheFilesAreLookedAt(_ name: String) async throws {
        try await withProject { shell in
            try await shell.run("git clone --quiet ../sub \(name)")
            if name == "other" { try await shell.run("git -C other config core.repositoryformatversion 99") }
            let shown = name == "other" ? "other/" : #"d\xe9/"#
            let told = ["\(shown) has changed since (it had other content)"]
            #expect(try await shell.changes("echo longer > \(name)/f") == told)
            #expect(try await shell.changes("touch \(name)/g") == told)
            #expect(try await shell.changes("git -C \(name) status || true") == [])
        }
    }

    @Test func aSubmoduleThatIsNotCheckedOutIsNotTakenForTheProject() async throws {
        try await withProject { shell in
            try await shell.run("git -C sm commit --quiet --allow-empty -m second; git add sm")
            try await shell.run("git submodule --quiet deinit --force sm")
            #expect(try await shell.state().changed.keys.sorted() == ["sm"])
        }
    }

    @Test func namesThatAreNotUTF8AreLookedAtAsTheyAre() async throws {
        try await withProject { shell in
            let name = #"caf\xe9.txt"#
            let file = "$'\(name)'"
            #expect(
                try await shell.changes("echo 2 > \(file)") == ["\(name) \(Self.fresh)"])
            #expect(
                try await shell.changes("echo 3 > \(file)") == [
                    "\(name) \(Self.again)"
                ])
            // Another file is called as that one is shown.
            try await shell.run(#"echo 1 > 'caf\xe9.txt'"#)
            for path in [file, #"'caf\xe9.txt'"#] {
                #expect(try await shell.changes("echo 4 > \(path)").count == 1)
            }
            let removed = try await shell.changes(#"rm 'caf\xe9.txt'; rm \#(file)"#)
            #expect(removed == ["\(name) is gone (it differed from the commit)"])
        }
    }

    @Test func linksAreToldByWhereTheyLead() async throws {
        try await withProject { (shell: Shell) async throws -> Void in
            #expect(
                try await shell.changes("ln -sfn rel2 current") == ["current \(Self.fresh)"])
            let told = ["current \(Self.again)"]
            for target in ["rel3", "rel4", "rel1/a", "rel2/a"] {
                #expect(try await shell.changes("ln -sfn \(target) current") == told, "\(target)")
            }
            #expect(try await shell.changes("echo other > rel2/a").contains(told[0]))
            #expect(try await shell.changes(":") == [])
        }
    }

    @Test func aProjectWithNothingUnusualCostsTwoPrograms() async throws {
        try await withProject { shell in
            try await shell.run("touch new; echo 2 > rel1/a")
            let count = Mutex(0)
            let runner = CountingRunner(base: shell.world.processes) { count.withLock { $0 += 1 } }
            var world = shell.world
            world.processes = runner
            #expect(try await shell.state(in: world).changed.keys.sorted() == ["new", "rel1/a"])
            #expect(count.withLock { $0 } == 2)
            try await shell.run("echo 2 > sm/f")
            _ = try await shell.state(in: world)
            #expect(count.withLock { $0 } == 5)
        }
    }

    @Test func whatAGitHookSaysOfTheProjectIsNotTakenForWhatLiesInIt() async throws {
        try await withProject { shell in
            try await shell.run("echo 1 > sm/f")
            var world = shell.world
            let environment = world.environment.merging(["GIT_DIR": "\(shell.directory)/.git"]) { $1 }
            world.environment = environment
            world.processes = LiveProcesses(environment: environment, workingDirectory: shell.directory)
            #expect(try await shell.state(in: world) == shell.state())
        }
    }
}

private struct CountingRunner: ProcessRunner {
    let base: any ProcessRunner
    let count: @Sendable () -> Void
    func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        count()
        return try await base.run(stages, options)
    }
}
