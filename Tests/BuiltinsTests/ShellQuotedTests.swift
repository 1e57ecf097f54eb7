import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// Commands as they are shown can be pasted: a shell makes the same words of them.
@Suite struct ShellQuotedTests {
    @Test(arguments: [
        "", "a", "a b", "it's", "a\\b", "$(id)", "`id`", "a\nb", "a\tb'c\\", "\u{1b}[31m", "é🦊", "a\u{9b}31m",
        "a\u{85}b", "a\u{202e}d",
        "\u{2066}x\u{2069}", "a\u{2028}b", "\u{7f}", "-rf", "*", "~", "#a", "a\u{301}",
    ])
    func aShellMakesTheSameOfIt(word: String) async throws {
        let shown = shellQuoted(word)
        #expect(
            !shown.unicodeScalars.contains {
                $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.isBidirectionalControl
            })
        let words = ["bash", "-c", "printf %s \(shown)"]
        let printed = try await Command.run(words, in: .machine(workingDirectory: "/tmp"), quiet: true).stdout
        #expect(Array(printed.unicodeScalars) == Array(word.unicodeScalars))
    }
}
