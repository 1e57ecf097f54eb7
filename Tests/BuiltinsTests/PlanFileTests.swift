import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// How plans are written, read and compared.
@Suite struct PlanFileTests {
    private static let text = """
        let sha = $(git rev-parse HEAD)
        step "Push" { $ push ${sha} ${run(["make"]).stdout} }
        files.write("/work/a.txt", "${sha} ‹1: x›")
        """

    private static func plan(head: String = "abc", at directory: String = "/work", text: String = text) async throws
        -> Plan
    {
        let processes = FakeProcesses()
        processes.answer("git", with: .init(stdout: head))
        let world = World.fake(processes: processes, workingDirectory: directory)
        return try #require(try await PlanFixture.plan(text, in: world).plan)
    }

    @Test func aFileGivesThePlanAgain() async throws {
        let plan = try await Self.plan()
        #expect(try Plan(json: plan.json, path: "p").json == plan.json)
        #expect(plan.json.contains("\"‹?: run›\""))
        #expect(plan.json.contains("‹project›/a.txt"))
        #expect(plan.json.contains("abc ‹‹1: x›"))
    }

    @Test func theSameProjectElsewhereHasTheSamePlan() async throws {
        let text = "files.write(\"${paths.cwd()}/a.txt\", \"x\")\n$ ls ${paths.cwd()}-not"
        let one = try await Self.plan(at: "/work", text: text)
        let other = try await Self.plan(at: "/home/ci/app", text: text)
        #expect(one.effects[0] == other.effects[0])
        #expect(one.effects[1] != other.effects[1])
        #expect(one.differencesOfWorld(to: other).count == 1)
    }

    @Test func theWordsOfTheCommandLineAreThoseOfThisMachine() async throws {
        let world = World.fake(workingDirectory: "/work/app")
        let directories = PlanFixture.directories(world)
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []),
            words: ["/work/app/ship.rel", "--to", "‹1: x› ‹project›", "--in=/work/apple"],
            settings: ["a=/work/app/b", ""], directory: "/work/app", version: "test")
        let plan = PlanRecorder(start, directories, state: nil, digests: world.images, at: 0).empty
        #expect(plan.words[0] == "‹project›/ship.rel")
        #expect(
            plan.words(in: "/home/ci") == ["/home/ci/ship.rel", "--to", "‹1: x› ‹project›", "--in=/work/apple"])
        #expect(plan.settings(in: "/home/ci") == ["a=/home/ci/b"])
    }

    @Test func whatIsMissingInAFileIsNamed() async throws {
        let json = try await Self.plan().json
        var parser = JSONParser(json)
        let fields = try #require(try parser.parse().asMap)
        for name in fields.keys {
            let rest = OrderedMap(zip(fields.keys, fields.values).filter { $0.0 != name }.map { ($0.0, $0.1) })
            let text = try #require(PlanFields.text(of: .map(rest)))
            do {
                _ = try Plan(json: text, path: "p.json")
                // Outside of a repository there are no changed files.
                #expect(name == "changed_files")
            } catch {
                #expect(
                    error.id == "plan-unreadable" && error.message.contains("`\(name)`"), "\(name): \(error.message)")
            }
        }
    }

    @Test func whatIsMissingInAnEntryIsNamed() async throws {
        let json = try await Self.plan().json
        var parser = JSONParser(json)
        let fields = try #require(try parser.parse().asMap)
        for list in ["steps", "effects", "reads"] {
            let entries = try #require(fields[list]?.asList)
            let entry = try #require(entries.first?.asMap)
            for name in entry.keys {
                let rest = OrderedMap(zip(entry.keys, entry.values).filter { $0.0 != name }.map { ($0.0, $0.1) })
                var changed = fields
                changed[list] = .list([.map(rest)] + entries.dropFirst())
                let text = try #require(PlanFields.text(of: .map(changed)))
                let error = #expect(throws: RuntimeError.self) { try Plan(json: text, path: "p.json") }
                #expect(error?.id == "plan-unreadable")
                #expect(error?.message.contains("`\(name)` of entry 1 of `\(list)`") == true, "\(list) \(name)")
            }
        }
    }

    @Test(arguments: ["", "{", "[]", "{}", "{\"format\": \"relsh plan\"}", "relsh", "\u{0}"])
    func whatIsNoPlanIsRefused(text: String) {
        #expect(throws: RuntimeError.self) { try Plan(json: text, path: "p.json") }
    }

    @Test func anAbridgedFileIsRefusedWhereverItEnds() async throws {
        let bytes = Array(try await Self.plan().json.utf8.dropLast())
        for end in stride(from: 0, to: bytes.count - 1, by: 7) {
            #expect(throws: RuntimeError.self) {
                try Plan(json: String(decoding: bytes[..<end], as: UTF8.self), path: "p.json")
            }
        }
    }

    @Test func aNewerLayoutNamesItsMaker() async throws {
        let json = try await Self.plan().json.replacing("\"layout\": 1", with: "\"layout\": 2")
        #expect {
            try Plan(json: json, path: "p.json")
        } throws: { error in
            (error as? RuntimeError)?.id == "plan-too-new"
        }
    }

    @Test func whatHasMovedIsNamedWithBothStates() async throws {
        let plan = try await Self.plan()
        #expect(plan.differencesOfWorld(to: try await Self.plan()) == [])
        let differences = plan.differencesOfWorld(to: try await Self.plan(head: "def"))
        #expect(differences.first == "$(git rev-parse HEAD) gave \"abc\", and gives \"def\" now")
    }

    @Test func anotherProgramIsNamed() async throws {
        let plan = try await Self.plan()
        let other = try await Self.plan(text: Self.text + "\n")
        #expect(plan.differencesOfProject(to: other) == ["test.rel has changed"])
    }

    @Test func whatDiffersFromMachineToMachineIsNotTheWorld() async throws {
        let text = "let home = env.get(\"HOME\")\nlet name = $(hostname)\n$ push"
        func plan(_ name: String) async throws -> Plan {
            let processes = FakeProcesses()
            processes.answer("hostname", with: .init(stdout: name))
            let world = World.fake(processes: processes, environment: ["HOME": "/home/\(name)"])
            return try #require(try await PlanFixture.plan(text, in: world).plan)
        }
        #expect(try await plan("one").differencesOfWorld(to: try await plan("two")) == [])
    }

    // MARK: Matching

    private static let digest = "sha256:" + String(repeating: "a", count: 64)
    private static let other = "sha256:" + String(repeating: "b", count: 64)

    @Test func aDigestIsTheSameWhereverItsNumberIs() {
        var match = PlanMatch()
        func fits(_ planned: String, _ real: String) -> Bool { match.matches(planned, real) }
        #expect(fits("app@‹1: x›", "app@\(Self.digest)"))
        #expect(match.known == [1: Self.digest])
        #expect(fits("a ‹1: x› b", "a \(Self.digest) b"))
        #expect(!fits("a ‹1: x› b", "a \(Self.other) b"))
        #expect(fits("‹2: y›", Self.other))
        #expect(!fits("‹3: z›", "latest"))
    }

    @Test(arguments: [
        ("a ‹?: x› b", "a anything at all b", true), ("a ‹?: x› b", "a  b", true), ("a ‹?: x› b", "a b", false),
        ("‹?: x›-‹?: y›", "1-2-3", true), ("‹?: x›-‹?: y›", "123", false), ("‹‹?: x›", "‹‹?: x›", true),
        ("‹‹?: x›", "y", false), ("‹project›/a", "‹project›/a", true), ("‹project›/a", "/b/a", false),
        ("", "", true), ("", "a", false), ("‹?: x›", "", true),
    ]) func aMarkStandsForWhatIsInItsPlace(planned: String, real: String, fits: Bool) {
        var match = PlanMatch()
        let isMatch = match.matches(planned, real)
        #expect(isMatch == fits)
    }

    @Test func aMarkIsOneWordOrAListOfThem() {
        func fits(_ planned: [[String]], _ real: [[String]]) -> Bool {
            var match = PlanMatch()
            return match.matches(
                planned: Plan.Stage(words: planned, environment: [:]), real: Plan.Stage(words: real, environment: [:]))
        }
        #expect(fits([["push"], ["‹?: x›"]], [["push"], ["a", "b"]]))
        #expect(fits([["push"], ["‹?: x›"]], [["push"], []]))
        #expect(!fits([["push"], ["v‹?: x›"]], [["push"], ["va", "b"]]))
        #expect(!fits([["push"], ["‹?: x›"]], [["push"], ["a"], ["--force"]]))
    }

    @Test(arguments: [
        ("/a.rel:1#0", 1), ("/a.rel:1#0/b.rel:2>c/d.rel:3#12", 2), ("/a.rel:1#0[3]/b.rel:2~#1", 3), ("", 0),
        ("/x#1y/a.rel:1#0/b.rel:2#0", 2), ("/a.rel:1#0[1][2]", 3),
    ]) func anIdentityIsTakenApart(path: String, count: Int) {
        #expect(PlanIdentity(path).parts.count == count)
    }
}
