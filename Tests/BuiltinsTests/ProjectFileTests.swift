import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct ProjectFileTests {
    @Test func readsAWholeProject() throws {
        let project = try project()
        #expect(project.name == "hello")
        #expect(project.changelog == "changelog.txt")
        #expect(project.registries.map(\.name) == ["ecr", "dockerhub.kaizenflow", "ghcr"])
        #expect(project.registries.map(\.stages) == [["local", "dev", "prod"], ["dev", "prod"], ["dev", "prod"]])
        #expect(project.registries.map(\.login) == ["none", "none", "password"])
        #expect(project.stages.keys == ["dev", "prod"])
        #expect(project.stages["prod"]?.dockerfile == "devops/docker_build/prod.Dockerfile")
        #expect(project.suites["fast"]?.timeout == .seconds(300))
        #expect(project.suites["qa"]?.place == .outside)
        #expect(project.platforms == ["linux/amd64", "linux/arm64"])
        #expect(project.builder == nil)
    }

    @Test func aRegistryMayBeWithoutEncryption() throws {
        let text = "name = \"x\"\n[registries.own]\nbase = \"10.0.0.1:5000\"\nscheme = \"http\""
        #expect(try project(text).registries.first?.scheme == "http")
        #expect(try project().registries.first?.scheme == nil)
        let error = #expect(throws: RuntimeError.self) { try project(text.replacing("http", with: "ftp")) }
        #expect(error?.message.contains("must be \"https\" or \"http\", but is \"ftp\"") == true)
    }

    @Test func registriesOfOneBaseMayServeDifferentStages() throws {
        let text = "name = \"x\"\n[registries.a]\nbase = \"h:1/x\"\nstages = [\"dev\"]\n"
        let other = "[registries.b]\nbase = \"h:1/x\"\nstages = [\"prod\"]\n"
        #expect(try project(text + other).registries.map(\.name) == ["a", "b"])
    }

    @Test func platformsAndTheirBuilderCanBeChosen() throws {
        let project = try project("platforms = [\"linux/arm/v7\"]\nbuilder = \"farm\"\nname = \"x\"")
        #expect(project.platforms == ["linux/arm/v7"])
        #expect(project.builder == "farm")
    }

    @Test(arguments: [
        ("nmae = \"x\"", "unknown setting `nmae`, at relsh.toml:1:1", "did you mean `name`?"),
        (
            "name = \"x\"\n[registries.ecr]\nbase = \"h:1/x\"\n  stagse = []",
            "unknown setting `stagse` in `registries.ecr`, at relsh.toml:4:3", "did you mean `stages`?"
        ),
        ("name = 3", "`name` must be text in quotes, but is 3, at relsh.toml:1:1", nil),
        (
            "name = \"x\"\n\n[tests.fast]\ncommand = \"pytest\"",
            "`tests.fast.command` must be a list of texts in quotes, but is \"pytest\", at relsh.toml:4:1", nil
        ),
        (
            "name = \"x\"\ntests = {fast = {command = [\"a\"], where = \"insid\"}}",
            "`tests.fast.where` must be \"inside\" or \"outside\", but is \"insid\", at relsh.toml:2:35",
            "did you mean \"inside\"?"
        ),
        (
            "name = \"x\"\nplatforms = [\"amd64\"]",
            "`platforms` must be a list such as [\"linux/amd64\"], but is \"amd64\", at relsh.toml:2:1", nil
        ),
        (
            "name = \"x\"\n[tests.qa]\nwhere = \"outside\"\ncommand = [\"pytest\", \"--image_stage\", \"{stage}\"]",
            "`tests.qa.command` runs outside of the image and does not say {image}: it would test whatever is on the "
                + "machine, not what ships, at relsh.toml:4:1",
            "put {image} where the command takes the image, such as \"--image\", \"{image}\"; where it reads a variable, "
                + "begin with \"env\", \"IMAGE={image}\""
        ),
        (
            "name = \"x\"\n[registries.a]\nbase = \"h:1/x\"\n[registries.b]\nbase = \"h:1/x\"",
            "`registries.b.base` is \"h:1/x\", where the registry \"a\" is already, at relsh.toml:5:1",
            "leave one of them out, or give each a base or `stages` of its own"
        ),
        (
            "name = \"x\"\n[registries.\"a,b\"]\nbase = \"h:1/x\"",
            "a registry cannot be called \"a,b\", at relsh.toml:2:13",
            "options take several registries with commas between them, so that a name is one word without commas"
        ),
        (
            "name = \"Hello\"",
            "`name` must be the name of an image, in lowercase and without a tag, but is \"Hello\", "
                + "at relsh.toml:1:1", nil
        ),
    ])
    func saysWhatIsWrongAndWhere(_ text: String, _ message: String, _ help: String?) async {
        let error = await failure { try project(text) }
        #expect(error?.message == message)
        #expect(error?.help == help)
        #expect(error?.location != nil)
    }

    @Test func aSyntaxErrorHasItsPosition() async {
        let error = await failure { try project("name = \"x\"\nchangelog = \n") }
        #expect(error?.message.hasPrefix("relsh.toml:2:") == true)
        #expect(error?.location?.file.position(of: error?.location?.range.start ?? 0).line == 2)
    }

    @Test(arguments: [nil, "nmae = 1"])
    func aMistakeEndsWithTheCodeForMistakes(_ text: String?) async {
        let files = FakeFiles(text.map { ["/p/relsh.toml": $0] } ?? [:])
        let live = LiveProject(files: files, workingDirectory: "/p", environment: [:])
        #expect(await failure { _ = try await live.load() }?.exitCode == 2)
    }

    @Test func aNameIsRequired() async {
        #expect(await failure { try project("") }?.id == "missing-setting")
    }

    @Test func environmentAndOptionsAreReadOverTheFile() throws {
        let environment = ["RELSH_NAME": "from-env", "RELSH_REGISTRIES_DOCKERHUB_KAIZENFLOW_BASE": "docker.io/other"]
        let options = [
            ("name", "from-option"), ("registries.ecr.stages", "[\"dev\"]"), ("registries.new.base", "host.io/x"),
            ("registries.\"dockerhub.kaizenflow\".login", "\"none\""),
        ]
        let project = try project(environment: environment, options: options)
        #expect(project.name == "from-option")
        #expect(
            project.registries.map(\.base) == ["127.0.0.1:5001/team", "docker.io/other", "ghcr.io/team", "host.io/x"])
        #expect(project.registries[0].stages == ["dev"])
    }

    @Test(arguments: [
        ("nmae", "x", "unknown setting `nmae`, at --set nmae=x"),
        ("registries.ecr.bse", "x", "unknown setting `bse` in `registries.ecr`, at --set registries.ecr.bse=x"),
        ("a..b", "x", "\"a..b\" is not the name of a setting, in `--set a..b=x`"),
        (
            "tests.fast.timeout", "soon",
            "`tests.fast.timeout` must be a duration such as 90s, 5m or 1h30m, but is \"soon\", "
                + "at --set tests.fast.timeout=soon"
        ),
    ])
    func aWrongOptionIsNamed(_ name: String, _ value: String, _ message: String) async {
        #expect(await failure { try project(options: [(name, value)]) }?.message == message)
    }

    @Test func theNearestFileCounts() async throws {
        let files = FakeFiles(["relsh.toml": projectText, "sub/deep/x": ""])
        let live = LiveProject(files: files, workingDirectory: "/work/sub/deep", environment: [:])
        #expect(try await live.load().root == "/work")
        let other = LiveProject(files: files, workingDirectory: "/tmp", environment: [:])
        let error = await failure { try await other.load() }
        #expect(error?.message == "no relsh.toml in /tmp or in any directory above it")
    }

    @Test func imagesAreNamedByRegistry() async throws {
        let world = projectWorld(FakeProcesses())
        #expect(
            try await builtin("project.image").call("dev-1.2.0", in: world).literal
                == "Image(\"127.0.0.1:5001/team/hello:dev-1.2.0\")")
        let error = await failure { try await builtin("project.registries.get").call("gchr", in: world) }
        #expect(error?.help == "did you mean \"ghcr\"?")
        #expect(
            try await builtin("project.registries.for_stage").call("local", in: world).literal == "[Registry(\"ecr\")]")
    }

    @Test(arguments: [(["USER": "jo", "LOGNAME": "x"], "jo"), (["USER": "", "LOGNAME": "A b"], "A-b")])
    func theUserIsNamedByTheEnvironment(environment: [String: String], name: String) throws {
        #expect(try ProjectBuiltins.user(in: .fake(environment: environment)) == name)
    }

    @Test func orByTheAccount() throws {
        let name = try #require(ProcessMark.accountName)
        #expect(try ProjectBuiltins.user(in: .fake(environment: [:])) == ProjectBuiltins.tagSafe(name))
    }

    @Test func userNamesAreMadeSafeForTags() {
        #expect(ProjectBuiltins.tagSafe("CORP\\jo doe") == "CORP-jo-doe")
    }

    @Test func keysAreFoundAmongStringsAndComments() throws {
        let text = """
            # name = "no"
            a = "[x]" # b
            "q.r" = '''
            c = 1
            '''
            [t . 'u v']
            d.e = { f = [1, {g = 2}], h = "}" }
            [[list]]
            i = 1
            """
        #expect(
            try keyPaths(TOMLReader.read(Array(text.utf8))) == [
                "a", "q.r", "t", "t/u v", "t/u v/d", "t/u v/d/e", "t/u v/d/e/f", "t/u v/d/e/f/g", "t/u v/d/e/h", "list",
                "list/i",
            ])
    }

    @Test func tomlBecomesValues() async throws {
        let text: Value = "b = 1\na = ['x', 2.5, true]\n[t]\nd = 2025-10-06"
        #expect(
            try await builtin("toml.parse").call(text).literal
                == "{b: 1, a: [\"x\", 2.5, true], t: {d: \"2025-10-06\"}}")
    }
}

/// Every key with those around it, in the order of the text; an array lends its own path to what is in it.
private func keyPaths(_ table: TOMLTable, in path: String = "") -> [String] {
    table.entries.flatMap { key, entry in [path + key] + keyPaths(entry.value, in: path + key + "/") }
}

private func keyPaths(_ value: TOMLValue, in path: String) -> [String] {
    switch value.content {
    case .table(let table): keyPaths(table, in: path)
    case .array(let items): items.flatMap { keyPaths($0, in: path) }
    default: []
    }
}
