import Lang
import Testing

/// How commands are split into words. The dump joins the pieces of a word with `~`.
@Suite struct CommandParserTests {
    private func dump(_ text: String) -> String { SyntaxFixture.dump(text) }
    private func findings(_ text: String) -> [String] { SyntaxFixture.findings(text) }

    @Test func wordsAreSplitAtBlanks() {
        #expect(dump("$ git   push\torigin") == #"($ "git" "push" "origin")"#)
        #expect(dump("$ git push\r\n$ ls\r\n") == "($ \"git\" \"push\")\n($ \"ls\")")
    }

    @Test func quotesKeepWordsTogether() {
        #expect(dump(#"$ echo 'a b' "c d" """#) == #"($ "echo" "a b" "c d" "")"#)
        #expect(dump(#"$ echo 'raw\n ${x}' "a\tb \$x""#) == "($ \"echo\" \"raw\\\\n ${x}\" \"a\tb $x\")")
    }

    @Test func piecesThatTouchAreOneWord() {
        #expect(dump(#"$ tag a${b}'c d'"e${f}""#) == #"($ "tag" "a"~b~"c de"~f)"#)
        #expect(dump("$ x --format={{.Id}} a{b}c {}") == #"($ "x" "--format={{.Id}}" "a{b}c" "{}")"#)
    }

    @Test func aValueAloneIsAWord() {
        #expect(dump("$ push ${tag} ${xs.map(fn(x) => \"${x}\")}").hasPrefix(#"($ "push" tag (call"#))
        #expect(dump("$ push ${$(git rev-parse HEAD)}") == #"($ "push" ($() "git" "rev-parse" "HEAD"))"#)
    }

    @Test func commandsEndAtLinesSemicolonsAndBraces() {
        #expect(dump("$ a; $ b") == "($ \"a\")\n($ \"b\")")
        #expect(dump("if x { $ echo hi }") == #"(if x {($ "echo" "hi")})"#)
        #expect(dump("f(fn() { $ echo hi })") == #"(call f (fn () {($ "echo" "hi")}))"#)
        #expect(dump("let m = [fn() { $ a }, fn() { $ b }]") == #"(let m [(fn () {($ "a")}) (fn () {($ "b")})])"#)
        #expect(dump("$ echo }x") == #"($ "echo" "}x")"#)
    }

    @Test func aBackslashContinuesTheLine() {
        #expect(dump("$ docker build \\\n    --tag x \\\r\n    .") == #"($ "docker" "build" "--tag" "x" ".")"#)
        #expect(dump("$ ab\\\ncd") == #"($ "abcd")"#)
    }

    @Test func commentsBeginAtTheStartOfAWord() {
        #expect(dump("$ echo a#b # c") == #"($ "echo" "a#b")"#)
        #expect(dump("$ echo http://x/#a") == #"($ "echo" "http://x/#a")"#)
    }

    @Test func variablesOfTheEnvironmentStandBeforeTheProgram() {
        #expect(dump(#"$ A=1 B="x ${y}" C= make X=1"#) == #"($ A="1" B="x "~y C="" "make" "X=1")"#)
        #expect(dump("$ a | B=1 c") == #"($ "a" | B="1" "c")"#)
    }

    @Test func barsPipe() {
        #expect(dump("$ a | b|c") == #"($ "a" | "b" | "c")"#)
        #expect(dump("$ a |\\\n b") == #"($ "a" | "b")"#)
        #expect(findings("$ a | ") == ["empty-command at 1:1"])
    }

    @Test func capturesEndAtTheirParenthesis() {
        #expect(dump("let x = $(git log\n  -1 # newest\n)") == #"(let x ($() "git" "log" "-1"))"#)
        #expect(dump("f($(a), $(b | c)).d") == #"(. (call f ($() "a") ($() "b" | "c")) d)"#)
        #expect(findings("let x = $(a") == ["unclosed-bracket at 1:9"])
        #expect(findings("let x = $(a }\nlet y = 1") == ["mismatched-bracket at 1:13"])
        #expect(findings("let x = $()") == ["empty-command at 1:9"])
    }

    @Test func aCommandLineIsNeverContinuedByADot() {
        #expect(findings("$ ls\n.trim()") == ["expected-value at 2:1"])
        #expect(dump("$(ls)\n.trim()") == #"(call (. ($() "ls") trim))"#)
    }

    @Test(arguments: [
        ("$ a > b", "command-redirection at 1:5"), ("$ a 2>&1", "command-redirection at 1:6"),
        ("$ a < b", "command-input at 1:5"), ("$ a && b", "command-list at 1:5"), ("$ a || b", "command-list at 1:5"),
        ("$ a &", "command-background at 1:5"), ("$ ls *.txt", "command-glob at 1:6"),
        ("$ ls a*", "command-glob at 1:7"),
        ("$ ls ~/x", "command-home at 1:6"), ("$ x A=~/x", "command-home at 1:7"),
        ("$ a $B", "command-variable at 1:5"),
        ("$ a x$1", "command-variable at 1:6"), ("$ a $?", "command-variable at 1:5"),
        ("$ a `b`", "command-backticks at 1:5"), ("$ a $(b)", "command-substitution at 1:5"),
        ("$ a\\ b", "command-backslash at 1:4"), ("$ a (b)", "command-parenthesis at 1:5"),
        ("$ { a; }", "command-brace at 1:3"), ("$", "empty-command at 1:1"),
        ("$ A=1", "command-without-program at 1:3"),
        ("$x", "command-needs-blank at 1:1"), ("let a = $x", "command-needs-blank at 1:9"),
        ("let a = ${x}", "command-needs-blank at 1:9"), ("let a = $ ls", "command-not-at-start at 1:9"),
        ("$ a 'b", "unclosed-string at 1:5"), ("$ a ${b", "unclosed-interpolation at 1:5"),
    ])
    func whatAShellDoesIsNamed(text: String, finding: String) {
        #expect(findings(text).first == finding)
        #expect(findings("if x {\n\(text)\n}\nlet z = 1").count == 1)
    }

    @Test func oneMessageForEachCommand() {
        #expect(findings("$ a > b && c *\n$ d &") == ["command-redirection at 1:5", "command-background at 2:5"])
        #expect(findings("$ awk { print }\n$ ls") == ["command-brace at 1:7"])
    }

    @Test func harmlessSignsAreWords() {
        #expect(dump("$ git show HEAD~1 a@b c=d e:f g,h i%j k+l m^n ! [a-z] $ x$") != "")
        #expect(findings("$ git show HEAD~1 a@b c=d e:f g,h i%j k+l m^n ! [a-z] $ x$") == [])
    }
}
