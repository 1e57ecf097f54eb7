import Builtins
import Foundation
import Testing

@testable import relsh

@Suite struct FormatCommandTests {
    private static let ugly = "let  a=1\n"
    private static let good = "let a = 1\n"

    /// A directory that is removed afterwards.
    private func inDirectory(_ body: (_ path: String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("fmt-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory.path)
    }

    private func format(_ names: String..., in directory: String, check: Bool = false, dry: Bool = false) -> ExitCode {
        var own = OwnOptions()
        own.onlyChecks = check
        own.isDryRun = dry
        return FormatCommand(own: own, colour: false, workingDirectory: directory).run(names)
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func aFileIsWrittenAndKeepsItsMode() throws {
        try inDirectory { directory in
            let path = directory + "/a.rel"
            try Self.ugly.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            #expect(format("a.rel", in: directory) == .success)
            #expect(try text(path) == Self.good)
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o755)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["a.rel"])
        }
    }

    @Test func checkingChangesNothing() throws {
        try inDirectory { directory in
            let path = directory + "/a.rel"
            try Self.ugly.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(format("a.rel", in: directory, check: true) == .failed)
            #expect(format("a.rel", in: directory, dry: true) == .failed)
            #expect(try text(path) == Self.ugly)
            try Self.good.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(format("a.rel", in: directory, check: true) == .success)
        }
    }

    @Test func aNameThatIsNotUTF8IsRefusedAndNoOtherFileLookedFor() throws {
        try inDirectory { directory in
            let folder = FileName.text(of: Array("\(directory)/d".utf8) + [0xE9])
            let files = LiveFiles(workingDirectory: directory)
            try files.createDirectory(folder)
            #expect(format(".", in: directory) == .success)
            try files.write(folder + "/a.rel", Array(Self.ugly.utf8))
            #expect(format(".", in: directory) == .usage)
            #expect(try files.read(folder + "/a.rel") == Array(Self.ugly.utf8))
            #expect(LocalFiles.names(in: directory).isEmpty)
        }
    }

    @Test func theWorkingDirectoryMustBeText() throws {
        #expect(throws: Never.self) { try LocalFiles.expectText("/tmp/naïve") }
        let error = #expect(throws: UsageError.self) {
            try LocalFiles.expectText(FileName.text(of: Array("/tmp/bad".utf8) + [0xE9]))
        }
        #expect(error?.message.text.hasSuffix(#"is not UTF-8: /tmp/bad\xe9"#) == true)
    }

    @Test func aDirectoryStandsForTheRecipeFilesBelow() throws {
        try inDirectory { directory in
            for folder in ["lib", ".hidden"] {
                let place = directory + "/" + folder
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
                for name in ["a.rel", "b.txt"] {
                    try Self.ugly.write(toFile: place + "/" + name, atomically: true, encoding: .utf8)
                }
            }
            try FileManager.default.createSymbolicLink(atPath: directory + "/lib/loop", withDestinationPath: directory)
            // Reading it would wait for somebody to write.
            mkfifo(directory + "/lib/pipe.rel", 0o644)
            #expect(format(".", in: directory) == .success)
            #expect(try text(directory + "/lib/a.rel") == Self.good)
            #expect(try text(directory + "/lib/b.txt") == Self.ugly)
            #expect(try text(directory + "/.hidden/a.rel") == Self.ugly)
        }
    }

    @Test func aFileThatDoesNotParseStaysAndTheOthersAreWritten() throws {
        try inDirectory { directory in
            try "let a =\n".write(toFile: directory + "/a.rel", atomically: true, encoding: .utf8)
            try Self.ugly.write(toFile: directory + "/b.rel", atomically: true, encoding: .utf8)
            #expect(format("a.rel", "b.rel", "missing.rel", in: directory) == .usage)
            #expect(try text(directory + "/a.rel") == "let a =\n")
            #expect(try text(directory + "/b.rel") == Self.good)
        }
    }
}
