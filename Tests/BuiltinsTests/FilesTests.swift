import Glibc
import Lang
import TestSupport
import Testing

@testable import Builtins

@Suite("Files on this machine")
struct FilesTests {
    private let files: LiveFiles
    private let directory: String

    init() throws {
        directory = "/tmp/relsh-files-\(getpid())-\(UInt64.random(in: .min ... .max))"
        files = LiveFiles(workingDirectory: directory)
        try files.createDirectory(directory)
    }

    private func error(_ body: () throws -> Void) -> RuntimeError? {
        do {
            try body()
            return nil
        } catch {
            return error as? RuntimeError
        }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(directory + "/" + path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test("what a dead writer has left is told from what a living one is writing, and from the files of others")
    func leftovers() throws {
        let own = TemporaryName(for: "a.txt")
        #expect(own.isFor("a.txt") && !own.isFor("b.txt") && !own.isLeft(age: .seconds(7200)))
        let dead = own.text.replacing("-\(getpid())-", with: "-\(Int32.max - 1)-")
        let elsewhere = ".a.txt.relsh-00000000-1-ab"
        #expect(TemporaryName(dead)?.isLeft(age: .zero) == true)
        #expect(TemporaryName(elsewhere)?.isLeft(age: .seconds(60)) == false)
        #expect(TemporaryName(elsewhere)?.isLeft(age: .seconds(7200)) == true)
        for name in [".a.txt.relsh-notes", "a.txt.relsh-00000000-1-ab", ".a.txt.relsh-00000000-1"] {
            #expect(TemporaryName(name) == nil, "\(name)")
        }
        let others = [own.text, elsewhere, dead.replacing("a.txt", with: "b.txt"), "a.txt"]
        for name in others + [dead] { try files.write(name, []) }
        files.removeLeftovers(of: "a.txt")
        #expect(try Set(files.list(".")) == Set(others))
        // A long name has room for it.
        try files.write(String(repeating: "字", count: 80), [])
    }

    @Test("what is written can be read, and nothing else is left behind")
    func roundTrip() throws {
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try files.write("a", content)
        #expect(try files.read("a") == content)
        #expect(try files.list(".") == ["a"])
        try files.write("a", [])
        #expect(try files.read("a").isEmpty)
        try files.append("a", [1])
        try files.append("a", [2])
        #expect(try files.read("a") == [1, 2])
        #expect(files.status("a") == FileStatus(isDirectory: false, isSymbolicLink: false, size: 2))
    }

    @Test("a file keeps its mode, and a copy gets that of its original")
    func keepsMode() throws {
        try files.write("a", [1])
        chmod(directory + "/a", 0o750)
        try files.write("a", [2])
        #expect(mode("a") == 0o750)
        try files.copy("a", to: "b")
        #expect(mode("b") == 0o750)
        #expect(try files.read("b") == [2])
    }

    @Test("a link stays a link when what it leads to is written")
    func links() throws {
        try files.write("a", [1])
        symlink("a", directory + "/link")
        try files.write("link", [2])
        #expect(try files.read("a") == [2])
        #expect(files.status("link")?.isSymbolicLink == true)
        try files.remove("link")
        #expect(files.status("a") != nil)
    }

    @Test("errors name the path, the reason and what to do")
    func errors() throws {
        try files.createDirectory("full/of")
        try files.write("file", [1])
        let missing = error { _ = try files.read("missing") }
        #expect(missing?.message == "cannot read missing: no such file or directory")
        #expect(missing?.help?.contains(directory) == true)
        #expect(missing?.kind == .world)
        #expect(error { _ = try files.read("full") }?.message == "cannot read full: is a directory")
        #expect(error { try files.write("full", []) }?.message == "cannot write full: is a directory")
        let homeless = error { try files.write("no/such/file", []) }
        #expect(homeless?.help?.contains("files.create_directory(\"no/such\")") == true)
        #expect(homeless?.help?.contains("mkdir -p no/such") == true)
        #expect(error { try files.remove("full") }?.help?.contains("recursive") == true)
        #expect(error { _ = try files.list("file") }?.id == "directory-not-listed")
        #expect(error { try files.createDirectory("file") }?.id == "directory-not-created")
        #expect(error { try files.createDirectory("file/x") }?.id == "directory-not-created")
        #expect(error { _ = try files.read("a\0b") }?.id == "nul-in-path")
        #expect(files.status("a\0b") == nil)
    }

    @Test("what is too large or no regular file is refused")
    func refused() throws {
        let large = open(directory + "/large", O_CREAT | O_WRONLY, 0o644)
        ftruncate(large, (1 << 30) + 1)
        close(large)
        #expect(error { _ = try files.read("large") }?.id == "file-too-large")
        mkfifo(directory + "/pipe", 0o644)
        #expect(error { _ = try files.read("pipe") }?.id == "file-not-read")
        #expect(error { try files.write("pipe", [1]) }?.id == "file-not-written")
    }

    @Test("files of the system, which do not say how long they are, can be read")
    func procFiles() throws {
        #expect(try !files.read("/proc/self/status").isEmpty)
    }

    @Test("patterns find files")
    func glob() async throws {
        let fake = FakeFiles([
            "a.txt": "", "b.txt": "", ".hidden.txt": "", "src/x.swift": "", "src/deep/y.swift": "", "src/deep/z.c": "",
        ])
        func find(_ pattern: String) async throws -> [String] {
            let glob = try #require(PathBuiltins.all.first { $0.name == "paths.glob" })
            let found = try await glob.call(.string(pattern), in: .fake(files: fake))
            return (found.asList ?? []).map(\.display)
        }
        #expect(try await find("*.txt") == ["a.txt", "b.txt"])
        #expect(try await find(".*.txt") == [".hidden.txt"])
        #expect(try await find("?.txt") == ["a.txt", "b.txt"])
        #expect(try await find("**/*.swift") == ["src/deep/y.swift", "src/x.swift"])
        #expect(try await find("src/**") == ["src/deep", "src/deep/y.swift", "src/deep/z.c", "src/x.swift"])
        #expect(try await find("/work/src/*/y*") == ["/work/src/deep/y.swift"])
        #expect(try await find("src/x.swift") == ["src/x.swift"])
        #expect(try await find("no/such/*").isEmpty)
        #expect(try await find("*****************x").isEmpty)
        #expect(try await find(String(repeating: "**/", count: 40) + "*.c") == ["src/deep/z.c"])
        #expect(try await find("src/*/") == ["src/deep"])
        #expect(try await find("a.txt/").isEmpty)
    }

    @Test("removing a tree does not follow links out of it")
    func removeTree() async throws {
        try files.createDirectory("outside")
        try files.write("outside/kept", [1])
        try files.createDirectory("tree/deep")
        try files.write("tree/deep/file", [1])
        symlink(directory + "/outside", directory + "/tree/deep/link")
        let remove = try #require(FileBuiltins.all.first { $0.name == "files.remove" })
        let world = World.machine(workingDirectory: directory)
        let prepared = try remove.prepared(.string("tree"), .bool(true))
        #expect(try await prepared.commands(world) == ["rm -rf tree"])
        #expect(try await remove.call(.string("tree"), .bool(true), in: world).literal == "true")
        #expect(files.status("tree") == nil)
        #expect(try files.read("outside/kept") == [1])
        #expect(try await remove.call(.string("tree"), in: world).literal == "false")
    }

    @Test("text must be UTF-8")
    func text() async throws {
        try files.write("latin1", [0x67, 0xFC, 0x6E])
        let read = try #require(FileBuiltins.all.first { $0.name == "files.read" })
        await #expect(throws: RuntimeError.self) {
            _ = try await read.call(.string("latin1"), in: .machine(workingDirectory: directory))
        }
    }
}
