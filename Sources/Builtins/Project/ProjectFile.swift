import Lang

/// Reads `relsh.toml` into a `Project`, or says what is wrong with it and where.
package enum ProjectFile {
    package static let name = "relsh.toml"

    /// The directory of the nearest `relsh.toml` from `directory` upwards.
    package static func root(from directory: String, files: some FileAccess) throws -> String {
        var current = Path(directory)
        while true {
            if files.status(current.joined(name).text)?.isDirectory == false { return current.text }
            if current.text == current.parent.text || current.text == "." {
                throw RuntimeError(.world, .noProject(from: directory))
            }
            current = current.parent
        }
    }

    /// - Parameters:
    ///   - options: what `--set` was given, in order; later ones win.
    package static func load(
        root: String, shownAs shown: String = name, bytes: [UInt8], environment: [String: String],
        options: [(String, String)]
    ) throws -> Project {
        let file = SourceFile(name: shown, path: Path(root).joined(name).text, bytes: bytes)
        let settings = try ProjectSettings(file: file, environment: environment, options: options)
        let stages = stages(settings)
        var project = Project(
            name: try imageName(settings), root: root, changelog: settings.text("changelog") ?? "changelog.txt",
            registries: try registries(settings, stages.keys),
            stages: stages, suites: try suites(settings), platforms: try platforms(settings),
            builder: settings.text("builder"))
        if let branch = settings.text("git", "main_branch") { project.mainBranch = branch }
        project.issuePrefix = settings.text("git", "issue_prefix") ?? issuePrefix(project.name)
        project.notifications = try notifications(settings)
        project.checklists.preRelease = settings.texts("checklists", "pre_release") ?? []
        project.checklists.postRelease = settings.texts("checklists", "post_release") ?? []
        if let dags = settings.text("airflow", "dags") { project.dags = dags }
        if let runs = settings.count("ledger", "keep_runs") { project.ledger.runs = runs }
        if let outputs = settings.count("ledger", "keep_output") { project.ledger.outputs = outputs }
        project.lock = try lock(settings)
        return project
    }

    private static func lock(_ settings: ProjectSettings) throws -> LockSettings {
        var lock = LockSettings()
        if settings.isOff("lock", "remote") { lock.place = .nowhere }
        if let remote = settings.text("lock", "remote") {
            if remote.isEmpty || remote.hasPrefix("-") {
                throw settings.error(["lock", "remote"]) {
                    .invalidSetting(
                        "lock.remote", mustBe: "a git remote such as \"origin\", or false", butIs: remote, at: $0)
                }
            }
            lock.place = .remote(remote)
        }
        guard let text = settings.text("lock", "lease") else { return lock }
        guard let lease = try? Duration(parsing: text), lease >= LockSettings.shortestLease else {
            throw settings.error(["lock", "lease"]) {
                .invalidSetting(
                    "lock.lease", mustBe: "a duration of at least 1s, such as 10m", butIs: text, at: $0)
            }
        }
        lock.lease = lease
        return lock
    }

    private static func imageName(_ settings: ProjectSettings) throws -> String {
        guard let name = settings.text("name") else {
            throw settings.error(["name"]) {
                .missingSetting("name", "the image's name and the prefix of git tags: `name = \"my-image\"`", at: $0)
            }
        }
        let parsed = try? ImageReference(parsing: "registry.invalid/\(name)")
        guard let parsed, parsed.tag == nil, parsed.digest == nil else {
            throw settings.error(["name"]) {
                .invalidSetting(
                    "name", mustBe: "the name of an image, in lowercase and without a tag", butIs: name, at: $0)
            }
        }
        return name
    }

    private static func platforms(_ settings: ProjectSettings) throws -> [String] {
        guard let platforms = settings.texts("platforms") else { return ["linux/amd64", "linux/arm64"] }
        for platform in platforms where !isPlatform(platform) {
            throw settings.error(["platforms"]) {
                .invalidSetting("platforms", mustBe: "a list such as [\"linux/amd64\"]", butIs: platform, at: $0)
            }
        }
        if !platforms.isEmpty { return platforms }
        throw settings.error(["platforms"]) {
            .invalidSetting("platforms", mustBe: "a list such as [\"linux/amd64\"]", butIs: "empty", at: $0)
        }
    }

    /// `OS/ARCHITECTURE` or `OS/ARCHITECTURE/VARIANT`.
    private static func isPlatform(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return (2...3).contains(parts.count)
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            }
    }

    // MARK: - Registries

    private static let logins = ["none", "password", "ecr"]

    private static func registries(_ settings: ProjectSettings, _ stages: [String]) throws -> [Registry] {
        var registries: [Registry] = []
        for name in settings.names(in: "registries") {
            let registry = try registry(name, settings, stages)
            // Tags of such a stage would be moved twice, and each would take the other for somebody else.
            let place = try placeName(registry.base)
            let same = try registries.first {
                try placeName($0.base) == place && !Set($0.stages).isDisjoint(with: registry.stages)
            }
            if let same {
                throw settings.error(["registries", name, "base"]) {
                    .registryDeclaredTwice(name, and: same.name, base: registry.base, at: $0)
                }
            }
            registries.append(registry)
        }
        return registries
    }

    /// What images of a registry have in common, whichever way Docker lets it be written.
    private static func placeName(_ base: String) throws -> String { try ImageReference(parsing: "\(base)/image").name }

    private static func registry(_ name: String, _ settings: ProjectSettings, _ stages: [String]) throws -> Registry {
        let path = ["registries", name]
        if name.isEmpty || name.contains(where: { $0 == "," || $0.isWhitespace }) {
            throw settings.error(path) { .unusableRegistryName(name, at: $0) }
        }
        let username = settings.text("registries", name, "username")
        let variable = settings.text("registries", name, "password_env")
        let login = settings.text("registries", name, "login") ?? (username == nil ? "none" : "password")
        try check(login, isOneOf: logins, path + ["login"], settings)
        if login == "password" {
            for (key, value) in [("username", username), ("password_env", variable)] where value == nil {
                throw settings.error(path) {
                    .missingSetting(
                        TOMLKey.dotted(path + [key]),
                        "to log in, a user name is needed and, in `password_env`, "
                            + "the environment variable that holds the password", at: $0)
                }
            }
        }
        let scheme = settings.text("registries", name, "scheme")
        if let scheme { try check(scheme, isOneOf: ["https", "http"], path + ["scheme"], settings) }
        let given = settings.texts("registries", name, "stages") ?? ["dev", "prod"]
        for stage in given { try check(stage, isOneOf: ["local"] + stages, path + ["stages"], settings) }
        return Registry(
            name: name, base: try base(of: name, settings), stages: given, username: username,
            passwordEnvironment: variable, login: login, scheme: scheme)
    }

    private static func base(of name: String, _ settings: ProjectSettings) throws -> String {
        let path = ["registries", name, "base"]
        let dotted = TOMLKey.dotted(path)
        guard let base = settings.text("registries", name, "base") else {
            throw settings.error(path) {
                .missingSetting(dotted, "what stands before the image's name: `base = \"host:5000/path\"`", at: $0)
            }
        }
        let image = try? ImageReference(parsing: "\(base)/image")
        let slash = base.firstIndex(of: "/") ?? base.endIndex
        guard let image, image.registry == base[..<slash], !base.hasSuffix("/") else {
            throw settings.error(path) {
                .invalidSetting(
                    dotted, mustBe: "host[:port] or host[:port]/path", butIs: base,
                    hint: "Docker Hub is docker.io/NAME; a scheme such as https:// is left out", at: $0)
            }
        }
        return base
    }

    private static func check(
        _ text: String, isOneOf allowed: [String], _ path: [String], _ settings: ProjectSettings
    ) throws {
        if allowed.contains(text) { return }
        throw settings.error(path) {
            .invalidSetting(
                TOMLKey.dotted(path), mustBe: allowed.map(quoted).joined(separator: " or "), butIs: text,
                hint: suggestion(for: text, among: allowed).map { "did you mean \(quoted($0))?" }, at: $0)
        }
    }

    // MARK: - Stages and suites

    /// `dev` and `prod` are always there; every stage has its Dockerfile where the house keeps them unless it says so.
    private static func stages(_ settings: ProjectSettings) -> OrderedMap<Project.Stage> {
        let names = settings.names(in: "stages")
        let all = ["dev", "prod"].filter { !names.contains($0) } + names
        return OrderedMap(
            all.map { name in
                let dockerfile = settings.text("stages", name, "dockerfile")
                let stage = Project.Stage(
                    dockerfile: dockerfile ?? "devops/docker_build/\(name).Dockerfile",
                    ignoreFile: settings.text("stages", name, "ignore"))
                return (name, stage)
            })
    }

    private static func suites(_ settings: ProjectSettings) throws -> OrderedMap<Project.TestSuite> {
        var suites = OrderedMap<Project.TestSuite>()
        for name in settings.names(in: "tests") {
            let path = ["tests", name]
            guard let command = settings.texts("tests", name, "command"), command.first?.isEmpty == false else {
                throw settings.error(path + ["command"]) {
                    .missingSetting(
                        TOMLKey.dotted(path + ["command"]),
                        "the program and its arguments: `command = [\"pytest\", \"-q\"]`", at: $0)
                }
            }
            let place = settings.text("tests", name, "where") ?? "inside"
            try check(place, isOneOf: ["inside", "outside"], path + ["where"], settings)
            // Outside, nothing else makes sure that the image under test is the one that will ship.
            if place == "outside", !command.contains(where: { $0.contains("{image}") }) {
                throw settings.error(path + ["command"]) { .suiteWithoutImage(name, at: $0) }
            }
            suites[name] = Project.TestSuite(
                command: command, timeout: try timeout(of: name, settings),
                place: Project.TestSuite.Place(rawValue: place) ?? .inside)
        }
        return suites
    }

    private static func timeout(of name: String, _ settings: ProjectSettings) throws -> Duration? {
        guard let text = settings.text("tests", name, "timeout") else { return nil }
        if let duration = try? Duration(parsing: text), duration > .zero { return duration }
        let path = ["tests", name, "timeout"]
        throw settings.error(path) {
            .invalidSetting(
                TOMLKey.dotted(path), mustBe: "a duration such as 90s, 5m or 1h30m", butIs: text, at: $0)
        }
    }
}
