import Glibc
import Testing

extension EndToEnd {
    @Suite("Bad input")
    struct BadInput {
        /// No signal, no silence, and soon over.
        private func expectAnswer(
            _ run: Finished, _ codes: [Int32] = [0, 1, 2], sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(run.code.map(codes.contains) == true, "\(run)", sourceLocation: sourceLocation)
            if run.code != 0 {
                #expect(run.stderr.contains("error"), "\(run)", sourceLocation: sourceLocation)
                #expect(
                    run.stderr.utf8.count < 20_000, "as much as \(run.stderr.utf8.count) bytes of message",
                    sourceLocation: sourceLocation)
            }
        }

        @Test("No file, a directory, an empty file, binary junk")
        func files() async throws {
            let directory = TemporaryFiles.newDirectory("directory.rel")
            try await Host.relsh(directory + "/missing.rel").expect(2, "there is no file")
            try await Host.relsh("check", directory + "/missing.rel").expect(2, "missing.rel")
            try await Host.relsh(directory).expect(2, "is a directory")
            try await Host.relsh(try TemporaryFiles.file("empty.rel", "")).expect(2, "empty.rel", "empty")
            try await Host.relsh("-", input: .none).expect(2, "empty")
            try await Host.relsh("-e", "").expect(0)
            for size in [1, 100, 70_000] {
                let junk = (0..<size).map { _ in UInt8.random(in: 0...255) }
                expectAnswer(try await Host.relsh(try TemporaryFiles.file("junk.rel", junk)))
            }
            let binary = Array(readBytes(Host.relsh).prefix(3_000_000))
            expectAnswer(try await Host.relsh(try TemporaryFiles.file("binary.rel", binary)), [2])
            let latin = try await Host.relsh(
                try TemporaryFiles.file("latin.rel", Array("print(\"".utf8) + [0xE9] + Array("\")".utf8)))
            expectAnswer(latin, [2])
            #expect(latin.stderr.contains("latin.rel:1:8"), "\(latin)")
            try await Host.relsh(try TemporaryFiles.file("nul.rel", "print(1)\0\n")).expect(2, "nul.rel:1:9")
            try await Host.relsh(try TemporaryFiles.file("crlf.rel", "print(1)\r\nprint(2)\r\n")).expect(0)
        }

        /// Ten megabytes on one line.
        private static let lines: [(String, String)] = [
            ("a", ""), ("1+", "1"), ("\"", ""), ("#", ""), ("[", ""), ("-", "1"), ("a ?? ", "a"), ("\"${", ""),
            ("fn() => ", "1"),
            ("$ a ", ""), ("}", ""), ("\u{0}", ""), (" ", ""), ("x = ", "1"),
        ]

        @Test("Ten megabytes on one line, of many kinds", arguments: lines.indices)
        func longLine(_ index: Int) async throws {
            let (piece, end) = Self.lines[index]
            var bytes = Array(piece.utf8)
            while bytes.count < 5_000_000 { bytes += bytes }
            bytes += bytes.prefix((10_000_000 - bytes.count) / piece.utf8.count * piece.utf8.count)
            let path = try TemporaryFiles.file("long.rel", bytes + Array(end.utf8))
            expectAnswer(try await Host.relsh([path], limit: .seconds(60)))
            try await Host.run("rm", path)
        }

        @Test("A command of ten megabytes is refused, and not shown")
        func longCommand() async throws {
            let words = String(repeating: "$ a ", count: 2_500_000)
            let run = try await Host.relsh(try TemporaryFiles.file("command.rel", words)).expect(2, "10000 words")
            #expect(run.stderr.utf8.count < 5000)
        }

        @Test("A string of ten megabytes is no mistake")
        func longString() async throws {
            let text = String(repeating: "a", count: 10_000_000)
            let run = try await Host.relsh(try TemporaryFiles.file("string.rel", "print(\"\(text)\".len())"))
            run.expect(0)
            #expect(run.value == "10000000")
        }

        @Test(
            "A hundred thousand brackets within each other",
            arguments: [
                ("[", "]"), ("(", ")"), ("{a: ", "}"), ("f(", ")"), ("\"${", "}\""), ("if true { ", " }"),
                ("fn() { ", " }"), ("$(a ${", "})"), ("x[", "]"),
            ])
        func brackets(_ open: String, _ close: String) async throws {
            let count = 100_000
            let nested = String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
            let run = try await Host.relsh(
                [try TemporaryFiles.file("nested.rel", "let x = " + nested)], limit: .seconds(60))
            expectAnswer(run, [2])
            #expect(run.stderr.contains("nested.rel:1:"), "\(run)")
        }

        @Test("Data that is too deep or too long fails, and relsh stays")
        func data() async throws {
            let deep = "json.parse(\"[\".repeat(100000) + \"]\".repeat(100000))"
            for program in [
                deep, "json.parse(\"[\")", "\"x\".repeat(1000000000000)", "Version(\"1.\".repeat(100000))",
                "\"a\".matches(\"(a*)*b\")",
            ] {
                expectAnswer(try await Host.relsh("-e", program))
            }
            for grown in ["var s = \"x\"\nwhile true { s = s + s }", "var xs = [1]\nwhile true { xs = xs + xs }"] {
                expectAnswer(try await Host.relsh(["-e", grown], limit: .seconds(60)), [1])
            }
            let nested = "var xs = [1]\nfor i in 1..200000 { xs = [xs] }\nprint(xs == xs, xs)"
            expectAnswer(try await Host.relsh("-e", nested))
        }

        /// A PATH with everything but one program.
        private func path(without program: String) async throws -> String {
            let directory = TemporaryFiles.newDirectory("bin")
            for name in ["sh", "git", "docker", "id", "python3", "curl"] where name != program {
                let place = try await Host.run("sh", "-c", "command -v \(name)")
                try await Host.run("ln", "-s", place, "\(directory)/\(name)")
            }
            return directory
        }

        @Test("Without docker, it says that docker is missing")
        func noDocker() async throws {
            let project = try await SampleProject()
            let environment = ["PATH": try await path(without: "docker")]
            for recipe in [
                ["docker_login"], ["docker_release_all", "--version", "1.0.0"], ["docker_pull"], ["run_fast_tests"],
            ] {
                let run = try await Running(
                    Host.relsh, recipe, in: project.directory, environment: Host.clean.merging(environment) { $1 }
                ).wait()
                run.expect(1, "docker", "PATH", "help")
            }
        }

        @Test("Without git, it says that git is missing")
        func noGit() async throws {
            let project = try await SampleProject()
            let environment = ["PATH": try await path(without: "git")]
            try await project.relsh("-e", "git.head()", environment: environment).expect(1, "git", "PATH", "help")
            try await project.relsh(
                "docker_release_all", "--version", "1.0.0", "--skip-tests", environment: environment
            )
            .expect(1, "git", "PATH", "help")
            #expect(try await project.published().values.allSatisfy(\.isEmpty), "found out after publishing")
        }

        @Test("Without an engine, it says that none answers")
        func noEngine() async throws {
            let project = try await SampleProject()
            try await project.relsh(
                "docker_build_local_image", "--version", "1.0.0",
                environment: ["DOCKER_HOST": "unix:///nowhere/docker.sock"]
            ).expect(1, "engine", "help")
        }

        @Test("Outside of a project, it says how to begin one")
        func noProject() async throws {
            try await Host.relsh("docker_release_all", "--version", "1.0.0", in: "/").expect(2, "relsh.toml")
            try await Host.relsh("-e", "project.name", in: "/").expect(2, "no relsh.toml in /")
        }

        @Test("A mistake in relsh.toml or in what is set is told before anything is changed")
        func wrongProject() async throws {
            let place = TemporaryFiles.newDirectory("wrong-project")
            let program = place + "/a.rel"
            try writeFile(program, "files.write(\"\(place)/made\", \"\")\nprint(project.name)\n")
            for text in ["name = \"p\"\nnam = \"p\"\n", "name = \n", "name = 1\n", "[ledger]\nkeep_runz = 3\n"] {
                try writeFile(place + "/relsh.toml", text)
                try await Host.relsh(program, in: place).expect(2, "relsh.toml")
            }
            try writeFile(place + "/relsh.toml", "name = \"p\"\n")
            try await Host.relsh(program, "--set", "nam=1", in: place).expect(2, "nam")
            #expect(access(place + "/made", F_OK) != 0)
            // Where the lack of it shows only later, something has been run by then.
            try await Host.run("rm", place + "/relsh.toml")
            try await Host.relsh(program, in: place).expect(1, "no relsh.toml")
            #expect(access(place + "/made", F_OK) == 0)
        }

        @Test("Nobody reads any more")
        func closedPipe() async throws {
            let finished = try await Running(
                "bash",
                ["-c", "\"$0\" -e 'while true { print(1) }' | head -n 1; exit ${PIPESTATUS[0]}", Host.relsh], in: "/",
                environment: Host.clean
            ).wait(limit: .seconds(60))
            finished.expect(1)
            #expect(finished.stdout == "1\n")
            #expect(finished.stderr == "relsh: standard output was closed\n")
        }

        /// In a shell, with relsh as `$0`.
        private func shell(_ script: String, in directory: String = "/") async throws -> Finished {
            try Host.requireRelsh()
            return try await Running(
                "bash", ["-c", script, Host.relsh], in: directory, environment: Host.clean
            ).wait(limit: .seconds(60))
        }

        @Test(
            "Where standard output cannot be written, that is said",
            arguments: ["--help", "--list", "-e 1+1", "-e 'print(1)'", "doc", "fmt -"])
        func fullOutput(_ words: String) async throws {
            try await shell("\"$0\" \(words) > /dev/full < <(echo 'print(1)')").expect(
                1, "standard output could not be written", "No space left on device")
        }

        @Test("What is printed goes into no file that has the number of a closed descriptor")
        func closedDescriptors() async throws {
            let place = TemporaryFiles.newDirectory("closed")
            let program = "files.write(\"a.txt\", \"a\"); print(\"printed\"); step \"s\" {}"
            try await shell("\"$0\" -e '\(program)' <&- >&- 2>&-", in: place).expect(0)
            #expect(readText(place + "/a.txt") == "a")
            try await shell("\"$0\" - <&-").expect(2, "empty")
        }

        @Test("Nothing is run in a directory that is not there any more")
        func goneDirectory() async throws {
            let place = TemporaryFiles.newDirectory("gone")
            let script = "mkdir gone && cd gone && rmdir ../gone && \"$0\""
            for words in ["-e 'files.write(\"a.txt\", \"\")'", "--list", "check a.rel", ""] {
                try await shell("\(script) \(words)", in: place).expect(2, "the directory that relsh was started in")
            }
            try await shell("\(script) --version", in: place).expect(0)
            #expect(access("/a.txt", F_OK) != 0)
        }

        @Test("Nothing is run in a directory whose name is not UTF-8, or beside it under another name")
        func directoryThatIsNoText() async throws {
            let place = TemporaryFiles.newDirectory("no-text")
            let script = "mkdir -p $'bad\\xe9dir' && cd $'bad\\xe9dir' && \"$0\""
            for words in ["-e 'files.write(\"a.txt\", \"\")'", "init", "--list", ""] {
                let line = "\(script) \(words)".replacing("'", with: #"'\''"#)
                try await shell("bash -c '\(line)' \"$0\"", in: place).expect(2, #"is not UTF-8: \#(place)/bad\xe9dir"#)
            }
            try await shell("test $(ls -A | wc -l) = 1", in: place).expect(0)
        }
    }
}
