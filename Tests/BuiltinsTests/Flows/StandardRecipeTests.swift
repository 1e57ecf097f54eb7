import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What the recipes that ship refuse, and what they pass on, in a world where nothing is real. Tests/EndToEnd has the real one.
@Suite struct StandardRecipeTests {
    private let processes = FakeProcesses()
    private let network = FakeNetwork()

    /// A project with dev and prod released as 1.0.0 and 1.1.0 at home, and nothing on this machine.
    init() {
        let home = "127.0.0.1:5001"
        for stage in ["dev", "prod"] {
            for version in ["1.0.0", "1.1.0"] {
                network.registry(home) { _ = $0.add("team/hello", tag: "\(stage)-\(version)", layers: [[1]]) }
            }
        }
        network.registry(home) { _ = $0.add("team/hello", tag: "prod-3f2a9c1", layers: [[2]]) }
        for host in ["registry-1.docker.io", "ghcr.io"] { network.registry(host) { _ in } }
        processes.answer("git", "rev-parse", with: .init(stdout: "3f2a9c1\n"))
        processes.answer("git", "rev-parse", "--verify", "--quiet", with: .init(exitCode: 1))
        processes.answer("git", "status", with: .init())
        processes.answer("git", "ls-remote", with: .init())
        processes.answer("docker", "image", "inspect", with: .init(exitCode: 1, stderr: "Error: No such image: x\n"))
        processes.answer("docker", "login", with: .init())
        processes.answer("id", with: .init(stdout: "7\n"))
    }

    /// - Parameter call: `dev.docker_push_dev_image()`, where `dev` is the file.
    private func run(
        _ call: String, settings: String = projectText, dryRun: Bool = false
    ) async throws -> ProgramRun {
        let name = call.prefix { $0 != "." }
        var world = projectWorld(
            processes, environment: ["USER": "me", "GHCR_TOKEN": "t"],
            files: [
                "relsh.toml": settings, "changelog.txt": "# hello-1.1.0\n- 2025-10-06\n- Say hello\n",
                "devops/docker_build/dev.Dockerfile": "", "devops/docker_build/prod.Dockerfile": "",
                "part/devops/docker_build/dev.Dockerfile": "",
            ])
        world.http = network
        return try await ProgramRun.of(
            "import \"std/\(name).rel\" as flow\nflow\(call.dropFirst(name.count))", dryRun: dryRun, world: world,
            catalog: StandardCatalog.catalog)
    }

    /// What would change something.
    private var changes: [String] {
        processes.lines.filter { line in
            ["docker build", "docker tag", "docker pull", "docker push", "docker run", "git tag"].contains {
                line.hasPrefix($0)
            }
        }
    }

    private func refused(
        _ call: String, settings: String = projectText, _ parts: String...,
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        let run = try await run(call, settings: settings)
        for part in parts {
            #expect(
                run.error?.message.contains(part) == true, "\(part) in \(run.error?.message ?? "no error")",
                sourceLocation: sourceLocation)
        }
        #expect(changes == [], sourceLocation: sourceLocation)
    }

    // MARK: - Directories

    @Test(arguments: ["..", "../other", "part/../..", "/tmp", "/workshop"])
    func aDirectoryOutsideOfTheProjectIsRefused(directory: String) async throws {
        for call in [
            "dev.docker_build_local_image", "dev.docker_release_dev_image", "prod.docker_build_prod_image",
            "dev.docker_push_dev_image", "periodic.docker_build_test_dev_image",
        ] {
            try await refused(
                "\(call)(container_dir_name: Path(\"\(directory)\"))", "--container-dir-name \(directory)",
                "not in the project /work")
        }
        try await refused("packages.find_unused_packages(dir: Path(\"\(directory)\"))", "--dir \(directory)")
    }

    @Test(arguments: [("./", "/work/devops/"), ("part/../part", "/work/part/devops/")])
    func oneInsideIsTakenHoweverItIsWritten(directory: String, place: String) async throws {
        let run = try await run(
            "dev.docker_build_local_image(container_dir_name: Path(\"\(directory)\"))", dryRun: true)
        #expect(run.error == nil)
        #expect(run.plan.first?.contains("--file \(place)docker_build/dev.Dockerfile") == true, "\(run.plan)")
    }

    // MARK: - Registries

    @Test(arguments: [
        ("dev.docker_release_dev_image", "dev"), ("dev.docker_push_dev_image", "dev"),
        ("dev.docker_tag_push_dev_image", "dev"), ("multi_arch.docker_release_multi_build_dev_image", "dev"),
        ("prod.docker_release_prod_image", "prod"), ("prod.docker_push_prod_image", "prod"),
        ("multi_arch.docker_release_multi_arch_prod_image", "prod"),
    ])
    func registriesThatGetNoneOfItAreRefusedBeforeAnythingIsBuilt(call: String, stage: String) async throws {
        let ghcr = "target_registries: [project.registries.get(\"ghcr\")]"
        let other = stage == "dev" ? "prod" : "dev"
        let one = projectText.replacing("username =", with: "stages = [\"\(other)\"]\nusername =")
        try await refused(
            "\(call)(\(ghcr))", settings: one, "the registry ghcr gets no images of \(stage)", "[\"\(other)\"]")
        try await refused("\(call)(target_registries: [])", settings: one, "no registry", "ecr, dockerhub.kaizenflow")
        let none = "name = \"hello\"\n[registries.a]\nbase = \"127.0.0.1:5001/team\"\nstages = [\"\(other)\"]\n"
        try await refused("\(call)()", settings: none, "no registry", "add \"\(stage)\"", "relsh.toml")
        try await refused("\(call)()", settings: "name = \"hello\"", "no registry")
    }

    @Test func aPatchOfDevIsRefusedWhereDevIsOut() async throws {
        for call in ["dev.docker_release_dev_image", "multi_arch.docker_release_multi_build_dev_image"] {
            try await refused(
                "\(call)(version: 1.1.2)", "1.1.2 has a patch", "dev-1.1.0 is out in ecr",
                "relsh docker_release_prod_image --version 1.1.2")
        }
        let run = try await run("dev.docker_release_dev_image(version: 1.2.1, skip_tests: true)", dryRun: true)
        #expect(run.error?.message.contains("has a patch") != true)
    }

    @Test func aRegistryOfOneStageGetsThatOfARelease() async throws {
        let settings = projectText.replacing("username =", with: "stages = [\"dev\"]\nusername =")
        let release = "release_all.docker_release_all(version: 1.2.0, skip_tests: true)"
        let run = try await run(release, settings: settings, dryRun: true)
        #expect(run.error == nil)
        #expect(run.plan.contains { $0.contains("ghcr.io/team/hello:dev-1.2.0") })
        #expect(!run.plan.contains { $0.contains("ghcr.io/team/hello:prod") })
        let patch = try await self.run(
            "release_all.docker_release_all(version: 1.1.2, skip_tests: true)", settings: settings, dryRun: true)
        #expect(patch.error == nil, "a registry that gets no prod is left out, as nobody has named it")
        #expect(!patch.plan.contains { $0.contains("ghcr.io") })
    }

    // MARK: - Names

    @Test(arguments: ["tag: \"x\"", "user_tag: \"ada\""])
    func partsOfACandidatesTagNeedACandidate(option: String) async throws {
        for call in ["prod.docker_build_prod_image", "multi_arch.docker_build_multi_arch_prod_image"] {
            try await refused("\(call)(\(option))", "add --candidate")
        }
    }

    @Test(arguments: [("dev", "1.7.0"), ("prod", "1.1.3")])
    func whatWasNeverReleasedCannotBeGoneBackTo(stage: String, version: String) async throws {
        let call = "rollback.docker_rollback_\(stage)_image(version: \(version)"
        try await refused(
            call + ")", "127.0.0.1:5001/team/hello:\(stage)-\(version) is not in its registry",
            "what is there is \(stage)-1.0.0, \(stage)-1.1.0")
        #expect(!network.lines.contains { $0.hasPrefix("P") })
        try await refused(
            call + ", push_to_repo: false)", "no 127.0.0.1:5001/team/hello:\(stage)-\(version) on this machine",
            "relsh docker_pull --stage \(stage)")
    }

    /// A local image of that name may be an experiment.
    @Test(arguments: [true, false])
    func prodIsBuiltFromTheDevImageThatIsOut(isHere: Bool) async throws {
        let name = "127.0.0.1:5001/team/hello"
        let out = network.registry("127.0.0.1:5001") { $0.repositories["team/hello"]?.tags["dev-1.1.0"] } ?? ""
        let inspect = ["docker", "image", "inspect", "--format", "{{.Id}}"]
        processes.answer(inspect + ["\(name):dev-1.1.0"], [.init(stdout: isHere ? out : digest("e"))])
        processes.answer(inspect + [out], [.init(stdout: out)])
        let run = try await run("prod.docker_build_prod_image(version: 1.1.1)", dryRun: true)
        #expect(run.plan.contains("docker pull \(name):dev-1.1.0") == !isHere, "\(run.plan)")
    }

    @Test func theProdTaskDefinitionNeedsTheImageAtHome() async throws {
        try await refused(
            "task_definitions.docker_update_prod_task_definition(preprod_tag: \"prod-3f2a9c1\", "
                + "airflow_dags_s3_path: \"s3://b/d/\", target_registries: [project.registries.get(\"ghcr\")])",
            "image of ecr")
    }

    @Test func imagesOfDockerHubAreListedAsDockerCallsThem() async throws {
        let row = { (repository: String) in
            "{\"Repository\": \"\(repository)\", \"Tag\": \"dev\", \"ID\": \"sha256:0123456789ab\", "
                + "\"CreatedSince\": \"now\", \"Size\": \"1MB\"}\n"
        }
        processes.answer(
            "docker", "images", with: .init(stdout: row("kaizenflow/hello") + row("ghcr.io/team/hello") + row("other")))
        let run = try await run("images.docker_images_ls_repo()")
        #expect(run.printed.contains("kaizenflow/hello") && run.printed.contains("ghcr.io/team/hello"))
        #expect(!run.printed.contains("other"))
    }

    // MARK: - What is passed on

    @Test func aCommandGetsWhatRelshIsGiven() async throws {
        let image = "127.0.0.1:5001/team/hello:local-me-1.1.0"
        processes.answer(
            ["docker", "image", "inspect", "--format", "{{.Id}}", image], [.init(stdout: digest("e"))])
        processes.answer("docker", "inspect", image, with: .init(stdout: "[{\"Config\": {\"Env\": []}}]"))
        let run = try await run("images.docker_cmd(cmd: \"cat\", stage: \"local\")", dryRun: true)
        #expect(run.error == nil, "\(String(describing: run.error?.message)) \(processes.lines)")
        #expect(
            run.plan == [
                "docker run --rm --init --interactive --user 7:7 --workdir /app --volume /work:/app --label user=me "
                    + "127.0.0.1:5001/team/hello:local-me-1.1.0 sh -c cat"
            ])
    }

    @Test(arguments: [("", "no_update"), ("update_poetry: true, ", "update")])
    func prodTakesTheOptionsOfDev(option: String, mode: String) async throws {
        let call = "docker_release_prod_image(\(option)version: 1.1.1, skip_tests: true)"
        let run = try await run("prod.\(call)", dryRun: true)
        #expect(run.error == nil)
        #expect(run.plan.contains { $0.contains("--build-arg POETRY_MODE=\(mode)") }, "\(run.plan)")
    }

    // MARK: - Git

    @Test func aMergeThatConflictsNamesTheFilesAndTheWaysOut() async throws {
        processes.answer("git", "fetch", with: .init())
        processes.answer("git", "merge", with: .init(exitCode: 1, stdout: "CONFLICT (content): in a.py\n"))
        processes.answer("git", "diff", with: .init(stdout: "a.py\nb.py\n"))
        let run = try await run("git.git_merge_master()")
        let message = run.error?.message ?? ""
        for part in ["origin/master", "a.py, b.py", "`git commit`", "`git merge --abort`"] {
            #expect(message.contains(part), "\(part) in \(message)")
        }
    }

    @Test func aMergeThatFailsOtherwiseSaysHow() async throws {
        processes.answer("git", "fetch", with: .init())
        processes.answer("git", "merge", with: .init(exitCode: 128, stderr: "fatal: no\n"))
        processes.answer("git", "diff", with: .init())
        #expect(try await run("git.git_merge_master()").error?.command?.exitCode == 128)
    }
}
