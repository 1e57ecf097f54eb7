import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct ChangelogTests {
    private let text = """
        # hello-service-1.10.0
        - 2025-10-06
        - Add `/news`
          with dates
        - Remove x

        # hello-service-1.9.0-rc.1
        - 2025-09-01

        """

    private func entries(_ text: String) throws -> [ChangelogFile.Entry] {
        try ChangelogFile(SourceFile(name: "changelog.txt", text: text)).entries
    }

    @Test func readsEntries() throws {
        let entries = try entries(text)
        #expect(entries.map(\.version.description) == ["1.10.0", "1.9.0-rc.1"])
        #expect(entries.map(\.date) == ["2025-10-06", "2025-09-01"])
        #expect(entries.map(\.changes) == [["Add `/news`\nwith dates", "Remove x"], []])
    }

    @Test(arguments: [
        ("hello\n", "changelog.txt:1: the first line must be a heading such as `# name-1.2.0`, but is \"hello\""),
        ("# a-1.0\n", "changelog.txt:1: a heading must end in a version, as in `# name-1.2.0`, but is \"# a-1.0\""),
        (
            "# a-1.0.0\n- x\n",
            "changelog.txt:2: the date must follow the heading, as in `- 2025-10-06`, but here is \"- x\""
        ),
        (
            "# a-1.0.0\n- 2025-13-01\n",
            "changelog.txt:2: the date must follow the heading, as in `- 2025-10-06`, "
                + "but here is \"- 2025-13-01\""
        ),
        (
            "# a-1.0.0\n- 2025-02-29\n",
            "changelog.txt:2: the date must follow the heading, as in `- 2025-10-06`, "
                + "but here is \"- 2025-02-29\""
        ),
        ("# a-1.0.0\n- 2025-12-01\nx\n", "changelog.txt:3: a change must begin with `- `, but here is \"x\""),
    ])
    func saysWhichLineIsWrong(_ text: String, _ message: String) async {
        #expect(await failure { try entries(text) }?.message == message)
    }

    @Test func aMarkOfTheByteOrderIsNoText() throws {
        #expect(try entries("\u{FEFF}# a-1.0.0\n- 2024-02-29\n- x\n").count == 1)
    }

    @Test func versionsAreComparedByPrecedence() async throws {
        let world = projectWorld(FakeProcesses(), files: ["changelog.txt": text])
        let check = try builtin("changelog.check")
        for version in ["1.10.0", "1.10.1", "2.0.0"] {
            _ = try await check.call(try Version(parsing: version).value, in: world)
        }
        let error = await failure { try await check.call(try Version(parsing: "1.9.0").value, in: world) }
        #expect(error?.message.contains("1.9.0 is below 1.10.0") == true)
        #expect(error?.message.contains("semver precedence") == true)
        _ = try await check.call(try Version(parsing: "1.9.0").value, true, in: world)
    }

    @Test func anEntryIsPutFirst() async throws {
        let files = FakeFiles(["relsh.toml": projectText, "changelog.txt": text])
        var world = World.fake(files: files, clock: FakeClock())
        world.project = LiveProject(files: files, workingDirectory: "/work", environment: [:])
        let version = try Version(parsing: "1.11.0").value
        _ = try await builtin("changelog.add").call(version, ["One", "Two"], "2025-11-01", in: world)
        #expect(files.contents["/work/changelog.txt"] == "# hello-1.11.0\n- 2025-11-01\n- One\n- Two\n\n" + text)
        let error = await failure { try await builtin("changelog.add").call(version, ["One"], in: world) }
        #expect(error?.id == "version-not-above-changelog")
    }

    @Test func daysBecomeDates() {
        #expect(Changelog.date(0) == "1970-01-01")
        #expect(Changelog.date(951_782_400) == "2000-02-29")
        #expect(Changelog.date(1_759_795_199) == "2025-10-06")
    }
}
