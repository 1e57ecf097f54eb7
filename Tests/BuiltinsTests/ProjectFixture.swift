import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// A project with three registries and the suites that tests ask for.
let projectText = """
    name = "hello"

    [registries.ecr]            # home
    base = "127.0.0.1:5001/team"
    stages = ["local", "dev", "prod"]

    [registries."dockerhub.kaizenflow"]
    base = "docker.io/kaizenflow"

    [registries.ghcr]
    base = "ghcr.io/team"
    username = "ci"
    password_env = "GHCR_TOKEN"

    [tests.fast]
    command = ["pytest", "-q"]
    timeout = "5m"

    [tests.qa]
    where = "outside"
    command = ["pytest", "--image", "{image}", "--stage", "{stage}"]
    """

func project(
    _ text: String = projectText, environment: [String: String] = [:], options: [(String, String)] = []
) throws -> Project {
    try ProjectFile.load(root: "/work", bytes: Array(text.utf8), environment: environment, options: options)
}

/// The builtin of this name.
func builtin(_ name: String) throws -> Builtin {
    let all =
        ProjectBuiltins.all + TOMLBuiltins.all + DockerBuiltins.all + RegistryBuiltins.all + CopyBuiltins.all
        + GitBuiltins.all
        + ChangelogBuiltins.all + TestRunBuiltins.all + NotifyBuiltins.all + AWSBuiltins.all + GitHubBuiltins.all
    return try #require(all.first { $0.name == name })
}

/// A world with that project, a changelog and these programs.
func projectWorld(
    _ processes: any ProcessRunner, environment: [String: String] = ["USER": "me"], files: [String: String] = [:]
) -> World {
    var contents = ["relsh.toml": projectText]
    contents.merge(files) { $1 }
    let files = FakeFiles(contents)
    return World.fake(
        processes: processes, files: files, environment: environment,
        project: LiveProject(files: files, workingDirectory: "/work", environment: environment))
}

/// The error that something ends with.
func failure(_ body: () async throws -> some Any) async -> RuntimeError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? RuntimeError
    }
}

func digest(_ character: Character) -> String { "sha256:" + String(repeating: character, count: 64) }
