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
        ("**.pem", "sub/key.pem", true), ("**.pem", "key.pem", true), ("**file", "a/b/myfile", true),
        ("**", "a/b", true),
        ("**file*", "a/file1", true), ("**/a", "ba", false), ("a**", "abc/d", true), ("a**/*.txt", "a/b/c.txt", true),
        ("a\\*b", "a*b", true), ("a\\*b", "axb", false), ("a\\[b*", "a[bc", true), ("a\\nb", "anb", true),
        ("sub/../sub", "sub/x", true), ("a/*/../c", "a/c", true), ("/", "a", false), (".", "a", false),
        ("[^a]x", "bx", true),
        ("\u{FEFF}a", "a", true), (" # a", "# a", true), ("*\n! a", "a", false), ("*\r\n!a\r\n", "a", false),
        ("[\\]a]", "]", true), ("[a-c]", "b", true), ("a]", "a]", true), ("a\u{2028}b", "a\u{2028}b", true),
    ])
    func aPatternFits(pattern: String, path: String, isOut: Bool) throws {
        #expect(try IgnoreFile(pattern).keepsOut(path) == isOut)
    }

    @Test(arguments: ["!", "[a", "[]a]", "[-x]", "[x-]", "[a-b-c]", "[", "[^]", "a\\", "[\\"])
    func whatIsNoPatternIsToldWithItsLine(pattern: String) {
        let mistake = #expect(throws: IgnoreFile.Mistake.self) { try IgnoreFile("a\n\(pattern)\n") }
        #expect(mistake == IgnoreFile.Mistake(line: 2, text: pattern))
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
        #expect(error?.message == "ctx/.dockerignore has a pattern that cannot be read: \"[a\", in line 1")
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
