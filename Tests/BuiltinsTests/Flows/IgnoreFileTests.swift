import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What stays out of a build, read as BuildKit reads it.
@Suite struct IgnoreFileTests {
    @Test(arguments: [
        // pattern, path, kept out
        ("data", "data", true), ("data", "data/a/b", true), ("data", "other/data", false), ("/data/", "data/x", true),
        ("*.log", "a.log", true), ("*.log", "a/b.log", false), ("**/*.log", "a/b.log", true),
        ("**/*.log", "b.log", true), ("a/**", "a/b/c", true), ("a/**", "b", false), ("a?c", "abc", true),
        ("a?c", "a/c", false), ("[ab]x", "bx", true), ("[ab]x", "cx", false), ("a.b", "axb", false),
        ("# a", "a", false), ("*", "anything/at/all", true), ("a+(b)", "a+(b)", true), ("./a", "a", true),
    ])
    func aPatternFits(pattern: String, path: String, isOut: Bool) throws {
        #expect(try IgnoreFile(pattern).keepsOut(path) == isOut)
    }

    @Test func theLastLineThatFitsDecides() throws {
        let file = try IgnoreFile("*\n!keep\nkeep/not\n")
        #expect(file.hasExceptions)
        #expect(file.keepsOut("a"))
        #expect(!file.keepsOut("keep/this"))
        #expect(file.keepsOut("keep/not/that"))
        #expect(try !IgnoreFile("a\n").hasExceptions)
    }

    @Test func aSetThatIsNotClosedIsAMistakeInTheFile() async throws {
        let files = FakeFiles(["ctx/a": "x", "ctx/.dockerignore": "[a\n"])
        let error = await failure {
            try await builtin("docker.context_items").call("ctx", "ctx/Dockerfile", in: .fake(files: files))
        }
        #expect(error?.id == "malformed-ignore-file")
        #expect(error?.message.contains("ctx/.dockerignore") == true)
    }

    @Test func theItemsOfAContextAreWhatIsSentTheLargestFirst() async throws {
        let files = FakeFiles([
            "ctx/small": "12", "ctx/dir/a": "12345", "ctx/dir/b": "1234567890",
            "ctx/out/big": String(repeating: "x", count: 99),
            "ctx/.dockerignore": "small\n", "ctx/prod.Dockerfile.dockerignore": "out\n*ocker*\n.*\n!out/kept\n",
            "ctx/out/kept": "123",
        ])
        let items = try await builtin("docker.context_items").call(
            "ctx", "ctx/prod.Dockerfile", in: .fake(files: files))
        #expect(items.literal == "[{name: \"dir\", size: 15B}, {name: \"out\", size: 3B}, {name: \"small\", size: 2B}]")
    }
}
