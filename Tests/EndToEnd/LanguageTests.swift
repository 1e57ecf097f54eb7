import Testing

extension EndToEnd {
    @Suite("The language, through the command line")
    struct Language {
        @Test(
            "The value of an expression",
            arguments: [
                ("1", "1"), ("1 + 2 * 3", "7"), ("\"a${1 + 1}b\"", "a2b"), ("\"${\"${\"x\"}\"}\"", "x"),
                ("1.10.0 > 1.9.0", "true"), ("Version(\"1.0.0-rc.1\") < 1.0.0", "true"),
                ("Version(\"1.2.3\").bump(\"minor\")", "1.3.0"),
                ("Image(\"redis\").name", "docker.io/library/redis"), ("Image(\"redis\").tag == null", "true"),
                ("Image(\"127.0.0.1:5001/a/b/c.d:dev\").repository", "a/b/c.d"),
                ("{b: 1, a: 2}.keys()", "[\"b\", \"a\"]"), ("[3, 1, 2].sort()", "[1, 2, 3]"), ("-7 / 2", "-3"),
                ("-7 % 3", "-1"),
                ("1 == 1.0", "false"), ("90s + 1m", "2m30s"), ("1GiB > 1GB", "true"), ("[1, 2, 3][1..2]", "[2, 3]"),
                ("{a: 1}[\"b\"] ?? 5", "5"), ("(1..0).len()", "0"), ("fn(x) => x + 1", "fn"),
                ("\"żółw\".len()", "4"), ("$(printf '%s' hello)", "hello"), ("null", "null"),
                ("Image(\"redis\").tag", "null"),
                ("print(1)", "1"), ("Version(\"1.2.3\")", "1.2.3"), ("[\"a\"]", "[\"a\"]"), ("step \"a\" { null }", ""),
            ])
        func values(_ text: String, _ value: String) async throws {
            let run = try await Host.relsh("-e", text).expect(0)
            #expect(value == "fn" ? run.value.hasPrefix("fn") : run.value == value, "\(run)")
        }

        @Test(
            "A mistake ends with 2 before anything runs, at its place",
            arguments: [
                "print(1)\nprint(unknown_name)", "print(1)\n\"a\".nothing_like_this(1)\nlet x =",
                "print(1)\nlet a = 1\na = 2",
                "print(1)\nfn f(a) { a }\nf(1, 2)", "print(1)\nfn f(a: Int) { a }\nf(b: 1)",
                "print(1)\nvar n = 0\nparallel { step \"a\" { n = 1 } }", "print(1)\n$ echo a > b",
                "print(1)\nlet s = \"open", "print(1)\nprint(\"1\" + 1)", "print(1)\nlet m = {a: 1}\nm.b",
                "print(1)\n$ echo ${[null]}", "print(1)\nfn f(s: Str?) { s.len() }",
                "print(1)\nfn f(s: \"a\" | \"b\") { match s { \"a\" => 1 } }", "print(1)\nif 1 { print(2) }",
            ])
        func mistakes(_ program: String) async throws {
            let run = try await Host.relsh("-", input: .bytes(Array(program.utf8))).expect(2, "^")
            #expect(run.stdout == "", "\(run)")
            #expect(run.stderr.contains("<standard input>:"), "\(run)")
        }

        @Test(
            "A failure while it runs ends with 1, at its place",
            arguments: [
                "9223372036854775807 + 1", "-9223372036854775807 - 2", "1 / 0", "[1][1]", "[1][-1]",
                "fail \"on purpose\"",
                "let m = json.parse(\"{}\")\nm.b", "let v = \"1.2\"\nVersion(json.parse(\"\\\"\" + v + \"\\\"\"))",
                "assert 1 == 2, \"unequal\"",
                "fn f(n) { f(n + 1) }\nf(0)",
                "$ false", "$ no-such-program-anywhere", "let n = Int(json.parse(\"\\\"x\\\"\"))",
                "$ echo ${json.parse(\"null\")}",
                "fn add(a, b) { a + b }\nadd(\"1\", 1)",
                "timeout(200ms) { while true {} }",
            ])
        func failures(_ program: String) async throws {
            try await Host.relsh("-", input: .bytes(Array(program.utf8))).expect(1, "<standard input>:", "^")
        }

        @Test(
            "Of -e, what cannot be made is a failure, too, and not a mistake of usage",
            arguments: ["Version(\"1.2\")", "let n = Int(\"x\")", "Image(\"A B\")", "\"a\".matches(\"(\")"])
        func values(_ program: String) async throws {
            try await Host.relsh("-e", program).expect(1, "[invalid-value]", "<expression>:1:", "^")
            try await Host.relsh("-", input: .bytes(Array(program.utf8))).expect(2, "[invalid-value]", "^")
        }

        @Test(
            "An interpolated value is one argument, whatever it holds",
            arguments: [
                "; rm -rf /", "$(id)", "`id`", "-rf", "", "\n", "a\nb\n", "🎉 \u{301}", "*", "~", "a  b", "'", "\"",
                "\\", "$HOME", "&& true",
                "| cat", "> /tmp/x", "# no comment", "${x}", "%s", "}", "a=b", "\t", "\u{1B}[31m",
            ])
        func arguments(_ value: String) async throws {
            let program = """
                recipe show(value: Str) {
                    $ printf '<%s>\\n' ${value}
                    print($(printf '[%s]' ${value} a${value}b))
                    let parts = [value, "second"]
                    print($(printf '(%s)' ${parts}))
                }
                """
            let file = try TemporaryFiles.file("arguments.rel", program)
            let run = try await Host.relsh(file, "show", "--value=\(value)", "--verbose").expect(0)
            let shown = value.hasSuffix("\n") ? value : value
            #expect(run.stdout == "[\(shown)][a\(value)b]\n(\(value))(second)\n", "\(run)")
        }

        @Test("Values are values: what one place changes, another does not see")
        func values() async throws {
            let program = """
                let a = [1, 2]
                var b = a
                b.append(3)
                var m = {list: a, n: 1}
                let copy = m
                m.list.append(9)
                m["k"] = true
                var n = 1
                let captured = fn() => n
                n = 2
                fn add(xs) { var ys = xs; ys.append(0); ys }
                print(a, b, copy, m, captured(), add(a), a)
                """
            let run = try await Host.relsh("-", input: .bytes(Array(program.utf8))).expect(0)
            #expect(
                run.stdout
                    == "[1, 2] [1, 2, 3] {list: [1, 2], n: 1} {list: [1, 2, 9], n: 1, k: true} 1 [1, 2, 0] [1, 2]\n",
                "\(run)")
        }

        @Test("Release constructs: parallel keeps order, retry counts, defer runs, catch sees the error")
        func constructs() async throws {
            let program = """
                let doubled = parallel for x in [3, 1, 2] { x * 2 }
                var tries = 0
                let result = retry(3, every: 10ms) { tries += 1; if tries < 3 { fail "not yet" }; tries }
                let caught = try { fail "boom"; "no" } catch err { err.message }
                fn deferred() { defer { print("deferred") }; print("body"); 7 }
                let kind = match caught { "boom" => "known", else => "unknown" }
                print(doubled, result, caught, deferred(), kind)
                """
            let run = try await Host.relsh("-", input: .bytes(Array(program.utf8))).expect(0)
            #expect(run.stdout == "body\ndeferred\n[6, 2, 4] 3 boom 7 known\n", "\(run)")
        }
    }
}
