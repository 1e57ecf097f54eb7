import Glibc
import Lang
import Testing

@testable import relsh

/// Each test has a directory of its own.
@Suite final class RecipeFinderTests {
    private let root: String

    init() throws {
        var template = Array("/tmp/relsh-finder-XXXXXX".utf8CString)
        root = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit { remove(root) }

    private func remove(_ path: String) {
        if LocalFiles.kind(path) == .directory {
            for name in LocalFiles.names(in: path) { remove(path + "/" + name) }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    private func write(_ path: String, _ text: String) {
        var directory = root
        for part in path.split(separator: "/").dropLast() {
            directory += "/" + part
            mkdir(directory, 0o755)
        }
        let file = open(root + "/" + path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        Terminal.write(text, to: file)
        close(file)
    }

    private func finder(in directory: String = "", shipped: [String: String] = [:]) -> RecipeFinder {
        RecipeFinder(workingDirectory: directory.isEmpty ? root : root + "/" + directory, shipped: shipped)
    }

    @Test func recipesAreFoundFromHereUpwards() throws {
        write("relsh.toml", "")
        write("recipes/dev.rel", "## Builds.\nrecipe build(\n) {}\ndefault recipe ship() {}\n")
        write("sub/deep/x", "")
        let entry = try finder(in: "sub/deep").find("ship")
        #expect(entry.file == "../../recipes/dev.rel")
        #expect(entry.line == 4)
        #expect(try finder().find("build").summary == "Builds.")
        #expect(try finder().source(of: finder().find("build")).name == "recipes/dev.rel")
    }

    @Test(.timeLimit(.minutes(1)))
    func aNamedPipeIsNeitherWaitedForNorImported() throws {
        write("relsh.toml", "")
        write("recipes/a.rel", "recipe fine() {}\n")
        mkfifo(root + "/recipes/pipe.rel", 0o644)
        #expect(finder().all().entries.map(\.name) == ["fine"])
        #expect(finder().all().conflicts.isEmpty)
        let failure = #expect(throws: ImportFailure.self) {
            try SourceReading.imported(
                root + "/recipes/pipe.rel", root: root, shipped: [:], workingDirectory: root)
        }
        #expect(failure?.message == "it is not a regular file")
    }

    @Test func aRecipeWithTheNameOfACommandIsListedWithHowItIsRun() {
        write("relsh.toml", "")
        write("recipes/a.rel", "recipe check() {}\nrecipe fine() {}\n")
        let text = RecipeList(entries: finder().all().entries, width: 200).text()
        #expect(text.contains("  check  (recipes/a.rel; run it as `relsh recipes/a.rel check`)\n"), "\(text)")
        #expect(text.contains("  fine   (recipes/a.rel)\n"))
        #expect(usageMessage { _ = try finder().find("run") }?.id == "run-is-no-command")
    }

    /// Whoever runs as root may read everything; but nobody can read the beginning of a process's memory.
    @Test func whatCannotBeReadMayTakeThePlaceOfAShippedRecipe() throws {
        write("relsh.toml", "")
        write("recipes/fine.rel", "recipe fine() {}\n")
        symlink("/proc/self/mem", root + "/recipes/broken.rel")
        symlink("nowhere.rel", root + "/recipes/.#fine.rel")
        let finder = finder(shipped: ["ship.rel": "recipe ship() {}\n"])
        #expect(try finder.find("fine").origin == .project)
        for name in ["ship", "other"] {
            let message = usageMessage { _ = try finder.find(name) }
            #expect(message?.id == "unreadable-file" && message?.text.hasPrefix("recipes/broken.rel") == true)
        }
        #expect(finder.all().conflicts.count == 1)
        #expect(finder.all().entries.count == 2)
    }

    @Test func nothingAboveTheProjectIsLookedAt() {
        write("recipes/a.rel", "recipe outside() {}\n")
        write("project/relsh.toml", "")
        #expect(usageMessage { _ = try finder(in: "project").find("outside") }?.id == "no-such-recipe")
    }

    @Test func libraryFilesAreNotLookedAt() {
        write("relsh.toml", "")
        write("recipes/lib/a.rel", "recipe inner() {}\n")
        #expect(finder().all().entries.isEmpty)
    }

    @Test func aProjectsRecipeShadowsTheShippedOne() throws {
        write("relsh.toml", "")
        write("recipes/mine.rel", "recipe docker_pull() {}\n")
        let finder = finder(shipped: [
            "pull.rel": "recipe docker_pull() {}\nrecipe docker_login() {}\n", "lib/x.rel": "recipe hidden() {}\n",
        ])
        #expect(try finder.find("docker-pull").origin == .project)
        #expect(try finder.source(of: finder.find("docker_login")).path == "std/pull.rel")
        let (entries, conflicts) = finder.all()
        #expect(entries.map(\.name) == ["docker_login", "docker_pull"])
        #expect(entries.map(\.shadowsShipped) == [false, true])
        #expect(conflicts.isEmpty)
        let list = RecipeList(entries: entries, width: 100).text()
        #expect(list.contains("  docker_pull  (recipes/mine.rel, instead of the one shipped)\n"))
        #expect(list.contains("  docker_login  (std/pull.rel)\n"))
    }

    @Test func twoOfOneNameAreAnErrorNamingBoth() {
        write("relsh.toml", "")
        write("recipes/a.rel", "recipe build() {}\n")
        write("recipes/b.rel", "\nrecipe build() {}\n")
        let text = usageMessage { _ = try finder().find("build") }?.text
        #expect(text == "the recipe `build` is declared twice: at recipes/a.rel:1 and at recipes/b.rel:2")
        #expect(finder().all().conflicts.count == 1)
    }

    @Test func anUnknownRecipeIsAnsweredWithTheNearest() {
        let finder = finder(shipped: ["x.rel": "recipe docker_pull() {}\nrecipe docker_login() {}\n"])
        #expect(usageMessage { _ = try finder.find("docker_pul") }?.help == "did you mean `docker_pull`?")
        #expect(usageMessage { _ = try finder.find("docker_l") }?.help == "did you mean `docker_login`?")
    }

    @Test func badFilesAreUsageErrors() throws {
        write("a/dev.rel", "recipe x() {}")
        write("empty.rel", " \n")
        func problem(_ path: String) -> Message? {
            usageMessage { _ = try SourceReading.file(path, workingDirectory: root) }
        }
        #expect(problem("a/dve.rel")?.help == "did you mean a/dev.rel?")
        #expect(problem("a")?.help == "name a file in it, for example a/dev.rel")
        #expect(problem("none.rel")?.id == "missing-file")
        #expect(problem("a/dev.rel") == nil)
        symlink("loop.rel", root + "/loop.rel")
        symlink("gone.rel", root + "/link.rel")
        #expect(problem("loop.rel")?.id == "unreadable-file")
        #expect(problem("link.rel")?.help == "it is a link to gone.rel, which is not there")
        let empty = try SourceReading.file("empty.rel", workingDirectory: root)
        #expect(usageMessage { try SourceReading.checkNotEmpty(empty) }?.id == "empty-file")
    }

    @Test func importedLinksStayInsideTheProject() throws {
        write("outside.rel", "fn f() {}\n")
        write("p/relsh.toml", "")
        symlink(root + "/outside.rel", root + "/p/link.rel")
        let (root, directory) = (root + "/p", root)
        #expect(throws: ImportFailure.self) {
            _ = try SourceReading.imported(
                root + "/link.rel", root: root, shipped: [:], workingDirectory: directory)
        }
    }
}
