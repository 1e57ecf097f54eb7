import Glibc
import Testing

extension EndToEnd {
    @Suite("The command line")
    struct CommandLine {
        @Test("Parameters are options, with types, defaults, short forms and help")
        func options() async throws {
            let program = """
                ## Says what it was given.
                default recipe show(
                    ## Which version.
                    version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
                    cache: Bool = true,
                    names: [Str] = ["a"],
                    count: Int = 3,
                ) {
                    print(version, cache, names, count)
                }
                recipe needs(what: Str) { print(what) }
                """
            let file = try TemporaryFiles.file("options.rel", program)
            #expect(try await Host.relsh(file).value == "FROM_CHANGELOG true [\"a\"] 3")
            #expect(
                try await Host.relsh(
                    file, "-v", "1.10.0", "--no-cache", "--names", "x,y", "--names=z", "--count", "0x10"
                ).value
                    == "1.10.0 false [\"x\", \"y\", \"z\"] 16")
            #expect(try await Host.relsh(file, "needs", "--what", "-").value == "-")
            try await Host.relsh(file, "--help").expect(
                0, "Says what it was given.", "Which version.", "--[no-]cache", "needs")
            try await Host.relsh(file, "--version", "1.x").expect(2, "--version", "1.x")
            try await Host.relsh(file, "--count", "many").expect(2, "--count", "many")
            try await Host.relsh(file, "--verison", "1.0.0").expect(2, "did you mean --version?")
            try await Host.relsh(file, "needs").expect(2, "--what")
            try await Host.relsh(file, "--cache", "--no-cache").expect(2, "--cache")
            try await Host.relsh(file, "neds").expect(2, "needs")
        }

        @Test("relsh's own options and commands")
        func own() async throws {
            try await Host.relsh("--version").expect(0, "relsh 0.1.0")
            try await Host.relsh("--help").expect(0, "Usage", "Exit codes", "130")
            try await Host.relsh("help", "check").expect(0, "Usage: relsh check", "--strict", "Exit codes")
            try await Host.relsh("help", "docker_pull").expect(0, "Usage: relsh docker_pull")
            try await Host.relsh().expect(2)
            try await Host.relsh("--frobnicate").expect(2, "--frobnicate")
            try await Host.relsh("-e").expect(2, "-e")
            try await Host.relsh("no_such_recipe").expect(2, "no_such_recipe", "relsh --list")
            try await Host.relsh("docker_releese_all").expect(2, "docker_release_all")
            try await Host.relsh("--list").expect(0, "docker_release_all", "std/release_all.rel")
            try await Host.relsh("-e", "confirm(\"Really?\")", "--yes").expect(0)
            try await Host.relsh("-e", "confirm(\"Really?\")").expect(1, "--yes")
        }

        @Test("A list is a list, wherever it is asked for: nothing is run")
        func list() async throws {
            let place = TemporaryFiles.newDirectory("list")
            let made = place + "/made"
            try await Host.run("mkdir", "\(place)/recipes")
            try writeFile(
                place + "/recipes/ship.rel",
                "## Ships it.\ndefault recipe ship() { files.write(\"\(made)\", \"\") }\nrecipe other() { }\n")
            for words in [
                ["recipes/ship.rel", "--list"], ["--list", "recipes/ship.rel"], ["ship", "--list"], ["--list", "ship"],
                ["explain", "ship", "--list"],
            ] {
                try await Host.relsh(words, in: place).expect(0, "ship", "Ships it.", "other")
            }
            #expect(access(made, F_OK) != 0)
        }

        @Test("A recipe may have the name of a directory; a directory without one is told")
        func directoryOfARecipe() async throws {
            let directory = TemporaryFiles.newDirectory("named")
            for name in ["recipes", "build", "docs"] { mkdir("\(directory)/\(name)", 0o700) }
            try writeFile(directory + "/recipes/own.rel", "recipe build() { print(\"built\") }\n")
            try await Host.relsh("build", in: directory).expect(0, "built")
            try await Host.relsh("build", "--help", in: directory).expect(0, "relsh build")
            try await Host.relsh("docs", in: directory).expect(2, "docs is a directory")
        }

        @Test("Words that are nearly commands are told which")
        func nearlyCommands() async throws {
            for (word, meant) in [("chek", "check"), ("explan", "explain"), ("resum", "resume"), ("undoo", "undo")] {
                try await Host.relsh(word, "x").expect(2, "did you mean `\(meant)`?")
            }
            for word in ["list", "version"] { try await Host.relsh(word).expect(2, "`relsh --\(word)`") }
        }

        @Test("Check finds what is wrong in every file, and runs nothing")
        func check() async throws {
            let good = try TemporaryFiles.file("good.rel", "print(1)\n")
            let bad = try TemporaryFiles.file("bad.rel", "print(1)\nlet a = unknown_a\nlet b = unknown_b\n")
            let fine = try await Host.relsh("check", good).expect(0)
            #expect(fine.stdout == "" || !fine.stdout.contains("1\n"))
            try await Host.relsh("check", good, bad).expect(
                2, "bad.rel:2:9", "unknown_a", "bad.rel:3:9", "unknown_b", "^")
            try await Host.relsh("check", bad, "--json").expect(2, "unknown-name")
            let unreadable = try await Host.relsh("check", bad, "no-such-file.rel", "--json").expect(2)
            #expect(unreadable.stdout.contains("\"id\": \"missing-file\""))
            #expect(unreadable.stdout.contains("\"line\": null"))
            let wrong = try TemporaryFiles.file("wrong.rel", "print(1)\nprint(\"1\" + 1)\n")
            try await Host.relsh("check", wrong).expect(2, "wrong.rel:2:7", "wrong-operands")
            let run = try await Host.relsh(wrong).expect(2, "wrong-operands")
            #expect(run.stdout == "")
            try await Host.relsh("check").expect(2, "needs a file")
            try await Host.relsh(["check"] + (try await recipes())).expect(0)
        }

        private func recipes() async throws -> [String] {
            try await Host.run("find", Host.root + "/recipes/", "-name", "*.rel").split(separator: "\n").map(
                String.init)
        }

        @Test("A file with a #! line runs as a program")
        func shebang() async throws {
            let file = try TemporaryFiles.file("program.rel", "#!\(Host.relsh)\nprint(\"ran\")\n")
            try await Host.run("chmod", "+x", file)
            #expect(try await Host.run(file) == "ran")
        }

        @Test("--set and the environment override relsh.toml, for one run")
        func settings() async throws {
            let project = try await SampleProject()
            #expect(try await project.relsh("-e", "project.name").value == "hello-service")
            #expect(try await project.relsh("-e", "project.name", "--set", "name=other").value == "other")
            #expect(
                try await project.relsh("-e", "project.name", environment: ["RELSH_NAME": "third"]).value == "third")
            try await project.relsh("-e", "project.name", "--set", "nmae=x").expect(2, "nmae", "did you mean `name`?")
            try await project.relsh("-e", "project.name", "--set", "name").expect(2, "key=value")
        }

        @Test("A registry that the project does not have is told with those it has")
        func registries() async throws {
            let project = try await SampleProject()
            try await project.relsh("docker_release_all", "--target-registries", "ecr,ghrc").expect(
                2, "ecr, dockerhub, ghcr", "did you mean ghcr?")
            try await Host.relsh("docker_release_all", "--target-registries", "ecr", in: "/").expect(2, "relsh.toml")
        }

        @Test("Quiet leaves what the recipe prints, and what failed")
        func quiet() async throws {
            let program = "step \"Work\" { print(1)\n$ echo noise\n}\nstep \"Break\" { $ sh -c 'echo why; exit 3' }"
            let run = try await Host.relsh("--quiet", "-e", program).expect(1, "why", "Break")
            #expect(run.stdout == "1\n", "\(run)")
            #expect(!run.stderr.contains("noise") && !run.stderr.contains("Work"), "\(run)")
        }

        @Test("A wrong relsh.toml is shown at its place, with what was probably meant")
        func wrongSettings() async throws {
            let project = try await SampleProject()
            let good = readText(project.directory + "/relsh.toml")
            for (old, new, texts) in [
                ("changelog = ", "changlog = ", ["relsh.toml:2:", "changlog", "did you mean `changelog`?"]),
                ("name = \"hello-service\"", "name = 3", ["relsh.toml:1:", "name", "3"]),
                ("stages = [\"local\", \"dev\", \"prod\"]", "stages = \"dev\"", ["relsh.toml:6:", "stages"]),
                ("timeout = \"5m\"", "timeout = \"5min\"", ["relsh.toml:", "timeout", "90s"]),
                ("base = ", "bsae = ", ["relsh.toml:5:", "bsae", "did you mean `base`?"]),
                ("[registries.ecr]", "[registries.ecr", ["relsh.toml:4:", "TOML"]),
            ] {
                try writeFile(project.directory + "/relsh.toml", good.replacing(old, with: new, maxReplacements: 1))
                for command in [["-e", "project.name"], ["docker_release_all", "--version", "1.0.0"]] {
                    let run = try await project.start(command, in: "hello").wait()
                    #expect(run.code == 2, "\(run)")
                    for text in texts { #expect(run.stderr.contains(text), "\(text) in \(run)") }
                }
            }
        }
    }
}
