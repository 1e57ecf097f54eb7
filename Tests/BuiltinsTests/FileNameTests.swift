import Glibc
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// Names of files that are not UTF-8: no program is handed another one in their place.
@Suite struct FileNameTests {
    private let files: LiveFiles
    private let directory: String
    private let fixture = LedgerFixture()
    private var world: World { World.fake(files: files) }

    private static let latin: [UInt8] = Array("caf".utf8) + [0xE9] + Array(".txt".utf8)
    private static let name = FileName.text(of: latin)

    init() throws {
        directory = "/tmp/relsh-names-\(getpid())-\(UInt64.random(in: .min ... .max))"
        files = LiveFiles(workingDirectory: directory)
        try files.createDirectory(directory)
    }

    private func run(_ text: String) async throws -> RuntimeError? {
        try await ProgramRun.of(text, world: world, catalog: StandardCatalog.catalog).error
    }

    @Test func everyNameIsKeptByteByByte() {
        let names: [[UInt8]] = [
            Self.latin, Array("naïve 字 🙂".utf8), [0xFF], [0xC3], [0xE5, 0xAD], [0xC0, 0xAF], [0xED, 0xA0, 0x80],
            [0x80, 0x41, 0xF4],
            Array("\u{10FF80}".utf8), Array("a\u{10FFFF}b".utf8), Array(#"back\xe9slash"#.utf8) + [0xF8], [],
        ]
        for name in names {
            let text = FileName.text(of: name)
            #expect(FileName.bytes(of: text) == name)
            #expect(FileName.system(text).map(UInt8.init(bitPattern:)) == name + [0])
            #expect(FileName.isText(text) == (FileName.shown(text) == text))
        }
        #expect(FileName.text(of: "naïve".utf8) == "naïve")
        #expect(FileName.shown(Self.name) == #"caf\xe9.txt"#)
        #expect(FileName.text(shown: #"caf\xe9.txt"#) == Self.name)
        #expect(FileName.text(shown: #"a\x41\n\"#) == #"a\x41\n\"#)
        #expect(FileName.quoted(FileName.text(of: Array(#"it's \"#.utf8) + [0xE9])) == #"$'it\'s \\\xe9'"#)
        #expect(FileName.lossy(Self.name) == "caf\u{FFFD}.txt")
    }

    @Test func aProgramIsNotHandedAnotherName() async throws {
        try files.write(Self.name, Array("1".utf8))
        try files.write("a.md", [])
        let patterns = ["*.txt", "\(directory)/c?f?.*", "**"]
        for call in ["files.list()"] + patterns.map({ "paths.glob(\"\($0)\")" }) {
            let error = try await run("for f in \(call) { files.append(Path(f), \"z\") }")
            #expect(error?.id == "name-not-text", "\(call)")
            #expect(error?.message.hasSuffix(#"is not UTF-8, which text in recipes is: caf\xe9.txt"#) == true)
            #expect(error?.help?.contains(#"caf\xe9.txt' NEW_NAME"#) == true)
        }
        // What is not handed out is in nobody's way.
        #expect(try await run("if paths.glob(\"*.md\") != [Path(\"a.md\")] { fail \"other\" }") == nil)
        try files.createDirectory("deep/\(Self.name)")
        try files.write("deep/\(Self.name)/b.csv", [])
        #expect(try await run("if paths.glob(\"**/*.md\") != [Path(\"a.md\")] { fail \"other\" }") == nil)
        let error = try await run("paths.glob(\"deep/*/*.csv\")")
        #expect(error?.message.hasPrefix("a name in deep is not UTF-8") == true)
        #expect(FileName.stray(in: "\(directory)/a.md") == nil)
        #expect(try files.list(".") == ["a.md", Self.name, "deep"])
        #expect(try files.read(Self.name) == Array("1".utf8))
    }

    @Test func whatIsRemovedWithItsDirectoryComesBackUnderItsName() async throws {
        let place = "d/\(Self.name)"
        try files.createDirectory("d")
        try files.write(place, Array("1".utf8))
        try files.makeLink("d/link", to: Self.name)
        #expect(try await run("files.remove(\"d\", recursive: true)") == nil)
        #expect(files.status("d") == nil)
        try files.createDirectory("d")
        try files.write(place, Array("1".utf8))
        try files.makeLink("d/link", to: Self.name)
        let error = try await run("transaction \"t\" {\nfiles.remove(\"d\", recursive: true)\nfail \"no\"\n}")
        #expect(error?.message == "no")
        #expect(try files.list("d") == [Self.name, "link"])
        #expect(try files.read("d/link") == Array("1".utf8))
    }

    @Test func whatIsSentToABuildIsCountedAndCopiedUnderItsName() throws {
        try files.createDirectory("c/deep/\(Self.name)")
        try files.write("c/deep/\(Self.name)/\(Self.name)", Array("12345".utf8))
        try files.write("c/\(Self.name)", Array("123".utf8))
        try files.write("c/.dockerignore", Array("caf?.txt\n".utf8))
        let context = try BuildContext(Path("c"), dockerfile: Path("c/Dockerfile"), in: world)
        #expect(try context.items().map(\.name) == [".dockerignore", "deep"].sorted { a, _ in a == ".dockerignore" })
        #expect(try context.items().first { $0.name == "deep" }?.size == Size(bytes: 5))
        #expect(try context.paths() == [".dockerignore", "deep/\(Self.name)/\(Self.name)"])
        #expect(try context.links() == [])
        try files.write("c/.dockerignore", [])
        let all = try BuildContext(Path("c"), dockerfile: Path("c/Dockerfile"), in: world)
        #expect(throws: RuntimeError.self) { try all.items() }
    }

    @Test func whenAFileWasChangedIsFoundByWhatIsShownOfIt() async throws {
        try files.write(Self.name, [])
        let time = try #require(files.changed(Self.name))
        #expect(files.changed(shownAs: #"caf\xe9.txt"#) == time)
        try files.write(#"caf\xe9.txt"#, [])
        try files.write("a.md", [])
        #expect(files.changed(shownAs: #"caf\xe9.txt"#) == time)
        #expect(files.changed(shownAs: "a.md") == files.changed("a.md"))
        #expect(files.changed(shownAs: #"other\xe9.txt"#) == nil)
    }

    @Test func whatAProgramPrintsIsKeptWhereItIsNoText() async throws {
        let machine = World.machine()
        let printed = try await Command.run(["printf", #"caf\xe9"#], in: machine, quiet: true)
        #expect(printed.rawOutput == Array("caf".utf8) + [0xE9])
        #expect(printed.stdout == "caf\u{FFFD}")
        #expect(try await Command.run(["printf", "naïve"], in: machine, quiet: true).rawOutput == nil)
    }
}
