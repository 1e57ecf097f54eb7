import Builtins
import Foundation
import Lang
import TestSupport
import Testing

@testable import relsh

/// `relsh init`: what it finds, and that what it writes is right.
@Suite struct InitTests {
    private func survey(_ files: [String: String], in directory: String = "/work/Hello_Service") -> ProjectSurvey {
        ProjectSurvey(directory, files: FakeFiles(files, workingDirectory: directory))
    }

    private static let github =
        "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = git@github.com:My-Team/Hello.git\n"
    private static let pytest =
        "[pytest]\nmarkers =\n    slow: takes seconds\n    superslow: takes minutes\n    qa: from outside\n"

    @Test func aRepositoryIsReadFromItsFiles() {
        let found = survey([
            ".git/config": Self.github, "devops/docker_build/dev.Dockerfile": "", "Dockerfile.prod": "",
            "changelog.txt": "# hello-1.2.0\n- 2025-10-06\n- x\n", "pytest.ini": Self.pytest,
        ])
        #expect(found.name == "hello" && found.owner == "my-team")
        #expect(
            found.devDockerfile == "devops/docker_build/dev.Dockerfile" && found.prodDockerfile == "Dockerfile.prod")
        #expect(found.newest?.description == "1.2.0")
        #expect(found.suites.map(\.name) == ["fast", "slow", "superslow", "qa"])
        #expect(found.suites[0].command.last == "not slow and not superslow and not qa")
        #expect(found.suites[3].isOutside)
    }

    @Test(arguments: [
        ("", "env IMAGE={image} python3 -m pytest -q -m qa"),
        ("addoption('--image_stage')", "env IMAGE={image} python3 -m pytest -q -m qa --image_stage {stage}"),
        (
            "addoption(\"--image\"); addoption(\"--image_stage\")",
            "python3 -m pytest -q -m qa --image_stage {stage} --image {image}"
        ),
    ])
    func qaIsGivenTheImage(conftest: String, command: String) {
        let found = survey(["pytest.ini": Self.pytest, "test/conftest.py": conftest])
        #expect(found.suites[3].command.joined(separator: " ") == command)
        #expect(InitText(found).next.contains("in the variable IMAGE") == command.hasPrefix("env"))
    }

    @Test func whatIsNotThereIsSaid() {
        let found = survey([:])
        #expect(found.name == "hello-service" && found.owner == nil && found.suites.isEmpty)
        let text = InitText(found).found
        for part in [
            "there is no git remote", "registry   not known", "no Dockerfile", "changelog  none", "tests      none",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(InitText(survey(["CHANGELOG.md": "## Unreleased\n"])).found.contains("cannot read"))
    }

    @Test(arguments: [
        ("Cargo.toml", "", ["cargo", "test"]),
        ("package.json", "{\"scripts\": {\"test\": \"jest\"}}", ["npm", "test"]),
        ("Makefile", "build:\n\ntest:\n\ttrue\n", ["make", "test"]),
        ("Package.swift", ".testTarget(", ["swift", "test"]),
        ("test/test_a.py", "", ["python3", "-m", "pytest", "-q"]),
    ])
    func suitesAreKnownByTheirFiles(file: String, text: String, command: [String]) {
        #expect(survey([file: text]).suites.map(\.command) == [command])
    }

    @Test(arguments: [
        [:], [".git/config": github, "pytest.ini": pytest, "Dockerfile": ""],
        ["go.mod": "module x", "prod.Dockerfile": "", "CHANGES.md": "x"],
    ])
    func whatIsWrittenIsRight(files: [String: String]) throws {
        let found = survey(files)
        let first = FirstFiles(survey: found, date: "2025-10-06")
        let project = try ProjectFile.load(
            root: "/work", bytes: Array(first.settings.utf8), environment: [:], options: [])
        #expect(project.name == found.name)
        #expect(project.suites.keys == found.suites.map(\.name))
        #expect(project.registries.count == 1)
        if let dockerfile = found.devDockerfile { #expect(project.stages["dev"]?.dockerfile == dockerfile) }
        for (path, text) in first.all where path.hasSuffix(".rel") {
            _ = try ProgramRun.compile(text, catalog: StandardCatalog.catalog)
            guard case .success(let formatted) = Formatter.format(SourceFile(name: path, text: text)) else {
                Issue.record("\(path) does not parse")
                continue
            }
            #expect(formatted == text)
        }
    }

    @Test func nothingIsOverwritten() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("relsh-init-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let changelog = directory.appendingPathComponent("changelog.txt")
        try "mine".write(to: changelog, atomically: true, encoding: .utf8)
        func start(_ own: OwnOptions) -> ExitCode {
            InitCommand(own: own, colour: false, directory: directory.path, date: "2025-10-06").run()
        }
        var dry = OwnOptions()
        dry.isDryRun = true
        #expect(start(dry) == .success)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["changelog.txt"])
        #expect(start(OwnOptions()) == .success)
        #expect(try String(contentsOf: changelog, encoding: .utf8) == "mine")
        let settings = directory.appendingPathComponent("relsh.toml")
        let written = try String(contentsOf: settings, encoding: .utf8)
        #expect(start(OwnOptions()) == .failed)
        #expect(try String(contentsOf: settings, encoding: .utf8) == written)
    }

    @Test func aFileInPlaceOfADirectoryIsFoundBeforeAnythingIsWritten() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("relsh-init-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try "x".write(to: directory.appendingPathComponent("recipes"), atomically: true, encoding: .utf8)
        let command = InitCommand(own: OwnOptions(), colour: false, directory: directory.path, date: "2025-10-06")
        #expect(command.run() == .failed)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["recipes"])
    }

    @Test func aDirectoryInTheWayIsFoundBeforeAnythingIsWritten() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("relsh-init-\(UUID().uuidString)")
        let inTheWay = directory.appendingPathComponent("relsh.toml")
        try FileManager.default.createDirectory(at: inTheWay, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let command = InitCommand(own: OwnOptions(), colour: false, directory: directory.path, date: "2025-10-06")
        #expect(command.run() == .failed)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["relsh.toml"])
    }

    @Test func itTakesNothing() throws {
        func parse(_ words: String...) throws -> Invocation { try Invocation.parse(words, exists: { _ in false }) }
        #expect(try parse("init").action == .initialise)
        #expect(try parse("init", "-n").own.isDryRun)
        #expect(try parse("init", "--help").action == .commandHelp(.initialise))
        #expect(usageMessage { _ = try parse("init", "x") }?.id == "init-takes-nothing")
    }
}
