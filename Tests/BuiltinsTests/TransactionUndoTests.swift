import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What a failing transaction takes back of the changes that builtins made.
@Suite struct TransactionUndoTests {
    private static func run(_ text: String, in world: World) async throws -> ProgramRun {
        try await ProgramRun.of(text, world: world, catalog: StandardCatalog.catalog)
    }

    // MARK: Files

    @Test func filesHoldWhatTheyHeld() async throws {
        let files = FakeFiles(["kept.txt": "old", "gone.txt": "here", "log.txt": "1\n"])
        let run = try await Self.run(
            """
            transaction "t" {
                files.write("kept.txt", "new")
                files.write("made.txt", "new")
                files.append("log.txt", "2\\n")
                files.copy("log.txt", "made.txt")
                files.remove("gone.txt")
                files.write("gone.txt", "again")
                fail "no"
            }
            """, in: World.fake(files: files))
        #expect(run.error?.message == "no")
        #expect(!run.undoIsIncomplete)
        #expect(
            files.contents == ["/work/kept.txt": "old", "/work/gone.txt": "here", "/work/log.txt": "1\n"])
    }

    @Test func outsideOfATransactionNothingIsTakenBack() async throws {
        let files = FakeFiles(["a.txt": "old"])
        let run = try await Self.run("files.write(\"a.txt\", \"new\")\nfail \"no\"", in: World.fake(files: files))
        #expect(run.error?.message == "no")
        #expect(files.contents == ["/work/a.txt": "new"])
    }

    @Test func whatATransactionAchievedStays() async throws {
        let files = FakeFiles(["a.txt": "old"])
        let run = try await Self.run(
            "transaction \"t\" { files.write(\"a.txt\", \"new\") }\nfail \"no\"", in: World.fake(files: files))
        #expect(run.error?.message == "no")
        #expect(files.contents == ["/work/a.txt": "new"])
    }

    @Test func whatSomebodyElseHasChangedSinceIsLeft() async throws {
        let files = FakeFiles(["a.txt": "old", "b.txt": "old"])
        let programs = ChangingPrograms { try files.write("b.txt", Array("theirs".utf8)) }
        let run = try await Self.run(
            """
            transaction "t" {
                files.write("a.txt", "new")
                files.write("b.txt", "new")
                $ somebody else
                fail "no"
            }
            """, in: World.fake(processes: programs, files: files))
        #expect(files.contents == ["/work/a.txt": "old", "/work/b.txt": "theirs"])
        #expect(run.undoIsIncomplete)
        #expect(run.notes.contains { $0.contains("b.txt was changed by somebody else since") })
    }

    // MARK: Several changes of one thing

    private static let chain = """
        transaction "t" {
            files.write("a.txt", "1")
            files.append("a.txt", "2")
            files.append("a.txt", "3")
            $ somebody else
            fail "no"
        }
        """

    /// Of a chain of changes whose thing somebody else has made `text`.
    private static func chain(_ text: String?, before: [String: String] = [:]) async throws -> (FakeFiles, ProgramRun) {
        let files = FakeFiles(before)
        let programs = ChangingPrograms {
            if let text { try files.write("a.txt", Array(text.utf8)) } else { try files.remove("a.txt") }
        }
        return (files, try await run(chain, in: World.fake(processes: programs, files: files)))
    }

    @Test func whatIsAsItWasBeforeAllChangesOfItIsTakenBack() async throws {
        let (files, run) = try await Self.chain(nil)
        #expect(run.error?.message == "no" && !run.undoIsIncomplete && run.notes == [], "\(run.notes)")
        #expect(files.contents == [:])
        let (others, other) = try await Self.chain("old", before: ["a.txt": "old"])
        #expect(!other.undoIsIncomplete && other.notes == [], "\(other.notes)")
        #expect(others.contents == ["/work/a.txt": "old"])
    }

    @Test func whatIsAsItWasBetweenChangesOfItIsTakenBackFromThere() async throws {
        for text in ["1", "12", "123"] {
            let (files, run) = try await Self.chain(text, before: ["a.txt": "old"])
            #expect(!run.undoIsIncomplete && run.notes == [], "\(run.notes)")
            #expect(files.contents == ["/work/a.txt": "old"])
        }
    }

    @Test func aChainThatSomebodyElseHasGoneOnWithIsLeftAndNamedOnceWithTheWayToItsBeginning() async throws {
        let (files, run) = try await Self.chain("theirs")
        #expect(run.undoIsIncomplete)
        #expect(files.contents == ["/work/a.txt": "theirs"])
        let notes = run.notes.filter { $0.contains("undo failed") }
        #expect(notes.count == 1 && notes.first?.contains("somebody else since") == true, "\(run.notes)")
        #expect(notes.first?.hasSuffix("all the same: rm a.txt)") == true, "\(run.notes)")
    }

    /// What cannot be put back between two states need not be, where the second is the first again.
    @Test func whatIsNotKeptBetweenIsNotMissedWhereItIsAsBefore() async throws {
        let files = FakeFiles()
        try files.write("large", Array(repeating: 7, count: Inverse.largestFile + 1))
        let run = try await Self.run(
            """
            transaction "t" {
                files.copy("large", "a.txt")
                files.remove("a.txt")
                fail "no"
            }
            """, in: World.fake(files: files))
        #expect(!run.undoIsIncomplete && run.notes == [], "\(run.notes)")
        #expect(files.contents.keys.sorted() == ["/work/large"])
    }

    @Test func anUndoBlockThatPutThingsBackIsNoConflict() async throws {
        let files = FakeFiles(["a.txt": "old"])
        let run = try await Self.run(
            """
            transaction "t" {
                step "Write" { files.write("a.txt", "new") } undo { files.write("a.txt", "old") }
                fail "no"
            }
            """, in: World.fake(files: files))
        #expect(files.contents == ["/work/a.txt": "old"])
        #expect(!run.undoIsIncomplete)
    }

    @Test func theChangelogHasItsFormerEntries() async throws {
        let before = "# hello-1.0.0\n- 2025-10-06\n- first\n"
        let world = projectWorld(FakeProcesses(), files: ["changelog.txt": before])
        let run = try await Self.run(
            "transaction \"t\" { changelog.add(1.1.0, [\"more\"])\nfail \"no\" }", in: world)
        #expect(run.error?.message == "no")
        #expect(String(decoding: try world.files.read("changelog.txt"), as: UTF8.self) == before)
    }

    // MARK: Names of images

    private static let old = "sha256:" + String(repeating: "a", count: 64)
    private static let new = "sha256:" + String(repeating: "b", count: 64)
    private static let missing = FakeProcesses.Answer(exitCode: 1, stderr: "Error: No such image: app:dev")

    private static func tagging(dev answers: FakeProcesses.Answer...) async throws -> (ProgramRun, [String]) {
        let processes = FakeProcesses()
        processes.answer("docker", with: .init())
        processes.answer("docker", "image", "inspect", "--format", "{{.Id}}", "app:local", with: .init(stdout: new))
        let look = ["docker", "image", "inspect", "--format", "{{.Id}}", "app:dev"]
        processes.answer(look, answers)
        let run = try await run(
            "transaction \"t\" { docker.tag(\"app:local\", \"app:dev\")\nfail \"no\" }",
            in: World.fake(processes: processes))
        return (run, processes.lines.filter { !$0.hasPrefix("docker image inspect") })
    }

    @Test func aNameGoesBackToItsImage() async throws {
        let (run, lines) = try await Self.tagging(dev: .init(stdout: Self.old), .init(stdout: Self.new))
        #expect(run.error?.message == "no" && !run.undoIsIncomplete)
        #expect(lines == ["docker tag app:local app:dev", "docker tag \(Self.old) app:dev"])
    }

    @Test func aNameThatWasNotThereIsTakenAway() async throws {
        let (run, lines) = try await Self.tagging(dev: Self.missing, .init(stdout: Self.new))
        #expect(!run.undoIsIncomplete)
        #expect(lines == ["docker tag app:local app:dev", "docker rmi app:dev"])
    }

    @Test func aNameThatSomebodyElseHasMovedIsLeft() async throws {
        let third = "sha256:" + String(repeating: "c", count: 64)
        let (run, lines) = try await Self.tagging(dev: .init(stdout: Self.old), .init(stdout: third))
        #expect(lines == ["docker tag app:local app:dev"])
        #expect(run.undoIsIncomplete)
        #expect(run.notes.contains { $0.contains(third) && $0.contains("docker tag \(Self.old) app:dev") })
    }

    @Test func aNameThatStoodForTheSameImageNeedsNothing() async throws {
        let (run, lines) = try await Self.tagging(dev: .init(stdout: Self.new))
        #expect(lines == ["docker tag app:local app:dev"])
        #expect(!run.undoIsIncomplete)
    }
}

/// Every program does the same thing.
private struct ChangingPrograms: ProcessRunner {
    let change: @Sendable () throws -> Void
    func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        try change()
        return ProcessOutcome(
            exitCode: 0, stdout: "", stderr: "", combined: "", duration: .zero, failedStage: nil)
    }
}
