import Lang

/// What a dry run has planned so far, and what can therefore not be looked up any more: what is there now is not what a real
/// run would find.
@Evaluation
final class PlannedChanges {
    private var subjects: Set<String> = []
    /// True once a program is planned whose effect is not known: what cannot be looked up may be there by then.
    private var hasUnknownEffects = false
    private var hasLogin = false
    /// Of the registries that are logged in to; nil among them for one that is not known.
    private var logins: Set<String?> = []
    private var hasContainers = false
    private var changesDocker = false
    private var changesGit = false
    /// Of builtins that were planned with arguments which are not known: `docker` and the like.
    private var openSections: Set<Substring> = []

    func add(_ builtin: Builtin, _ arguments: [Value], _ inverses: [Inverse], in world: World) {
        if arguments.contains(where: { $0.plannedOrigin() != nil }) {
            openSections.insert(builtin.name.prefix { $0 != "." })
        }
        for inverse in inverses { subjects.insert(Self.key(of: inverse.subject, in: world)) }
        let images = arguments.flatMap { Self.images(in: $0) }
        if builtin.name.hasPrefix("docker."), builtin.name != "docker.login" { changesDocker = true }
        switch builtin.name {
        case "docker.build", "docker.commit", "docker.pull", "docker.rmi", "docker.push":
            for image in images {
                if builtin.name != "docker.push" { subjects.insert(Self.name(image)) }
                // A build may push, too.
                if builtin.name == "docker.push" || builtin.name == "docker.build" { subjects.insert(Self.tag(image)) }
            }
        case "files.remove":
            if case .path(let path)? = arguments.first?.asDomain { subjects.insert(Self.file(path, in: world)) }
            if let path = arguments.first?.asString { subjects.insert(Self.file(Path(path), in: world)) }
        case "git.untag": if let name = arguments.first?.asString { subjects.insert("git-tag \(name)") }
        case "git.create_branch": changesGit = true
        case "run":
            add(arguments.first?.asList?.compactMap(\.asString) ?? [])
        case "sh": hasUnknownEffects = true
        case "docker.login":
            hasLogin = true
            if case .registry(let registry)? = arguments.first?.asDomain {
                logins.insert(registry.host)
            } else {
                logins.insert(nil)
            }
        case "docker.run", "docker.exec", "tests.run": hasContainers = true
        default: break
        }
    }

    /// A program with its arguments.
    func add(_ command: [String]) {
        hasUnknownEffects = true
        if command.first == "docker" { changesDocker = true }
        guard command.first == "git" else { return }
        let still = ["push", "tag"]
        if !command.dropFirst().contains(where: still.contains) { changesGit = true }
    }

    /// Whether a look at the world would find something else in a real run.
    func conceals(_ builtin: Builtin, _ arguments: [Value], in world: World) -> Bool {
        if arguments.contains(where: { $0.plannedOrigin() != nil }) { return true }
        let images = arguments.first.map(Self.images) ?? []
        switch builtin.name.prefix(while: { $0 != "." }) {
        case "docker":
            if builtin.name == "docker.images" { return changesDocker }
            return images.contains { subjects.contains(Self.name($0)) }
        case "registry":
            if builtin.name == "registry.tags" {
                return images.contains { image in subjects.contains { $0.hasPrefix("tag \(image.name):") } }
            }
            return images.contains { subjects.contains(Self.tag($0)) }
        case "git":
            if ["git.tag_exists", "git.tagged"].contains(builtin.name), let name = arguments.first?.asString {
                return subjects.contains("git-tag \(name)") || subjects.contains("pushed-git-tag \(name)")
            }
            if builtin.name == "git.is_clean", subjects.contains(where: { $0.hasPrefix("file ") }) { return true }
            return changesGit && builtin.name != "git.root" && builtin.name != "git.remote_url"
        case "paths": return builtin.name == "paths.glob" && subjects.contains { $0.hasPrefix("file ") }
        case "files":
            if builtin.name == "files.list" { return subjects.contains { $0.hasPrefix("file ") } }
            if case .path(let path)? = arguments.first?.asDomain {
                return subjects.contains(Self.file(path, in: world))
            }
            return arguments.first?.asString.map { subjects.contains(Self.file(Path($0), in: world)) } ?? false
        case "aws":
            let kind = builtin.name == "aws.task_image" ? "task-definition " : "object "
            return subjects.contains { $0.hasPrefix(kind) }
        case "changelog": return subjects.contains { $0.hasPrefix("changelog") }
        default: return false
        }
    }

    /// Whether what is planned may be just what makes this possible: a program can do anything, and a login opens a registry.
    func mayMend(_ error: RuntimeError, of call: String) -> Bool {
        guard error.kind == .world || error.kind == .command else { return false }
        let isOfRegistry = call.hasPrefix("registry.") || call.hasPrefix("docker.")
        return hasUnknownEffects || (isOfRegistry ? hasLogin : hasContainers)
    }

    /// As `mayMend`, for what a change needs: a login opens its own registry alone.
    func mayMend(_ error: RuntimeError, _ requirement: Requirement) -> Bool {
        guard error.kind == .world || error.kind == .command else { return false }
        if hasUnknownEffects { return true }
        return switch requirement {
        case .localImage: false
        case .image(let image), .remoteImage(let image): logins.contains(image.registry) || logins.contains(nil)
        default: hasContainers
        }
    }

    /// Whether what is planned may make what a change needs, or change it.
    func mayMake(_ requirement: Requirement, in world: World) -> Bool {
        func isUnsure(_ sections: Substring...) -> Bool { !openSections.isDisjoint(with: sections) }
        func concerns(_ path: Path) -> Bool {
            let file = Self.file(path, in: world)
            return isUnsure("files", "docker") || subjects.contains { $0 == file || $0.hasPrefix(file + "/") }
        }
        switch requirement {
        case .localImage(let image), .image(let image), .remoteImage(let image):
            if image.digest?.plannedNumber != nil || isUnsure("docker", "registry") { return true }
            if subjects.contains(Self.name(image)) || subjects.contains(Self.tag(image)) { return true }
            // What is published has its digest in each registry.
            return image.digest != nil
                && subjects.contains { $0.hasPrefix("tag \(image.name):") || $0.hasPrefix("name \(image.name):") }
        case .file(let path), .placeForFile(let path), .placeForDirectory(let path): return concerns(path)
        case .gitRef(let name), .newBranch(let name):
            return changesGit || isUnsure("git") || subjects.contains("git-tag \(name)")
                || subjects.contains("pushed-git-tag \(name)")
        case .program(let request, _):
            guard let program = request.arguments.first, program.utf8.contains(UInt8(ascii: "/")) else { return false }
            return concerns(Path(program))
        }
    }

    /// Of `$(…)`.
    func conceals(_ command: [String]) -> Bool {
        switch command.first {
        case "git": changesGit
        case "docker": changesDocker
        default: false
        }
    }

    func addChangelog() { subjects.insert("changelog") }

    private static func key(of subject: Inverse.Subject, in world: World) -> String {
        switch subject {
        case .localName(let text): (try? ImageReference(parsing: text)).map(name) ?? subject.stored
        case .remoteTag(let text): (try? ImageReference(parsing: text)).map(tag) ?? subject.stored
        case .file(let path): file(Path(path), in: world)
        case .gitTag, .taskDefinition, .object, .pullRequest: subject.stored
        }
    }

    private static func name(_ image: ImageReference) -> String { "name \(plain(image))" }
    private static func tag(_ image: ImageReference) -> String { "tag \(plain(image))" }
    private static func plain(_ image: ImageReference) -> String {
        (try? image.with(digest: nil).description) ?? image.description
    }
    private static func file(_ path: Path, in world: World) -> String {
        let parts = Path(world.workingDirectory).joined(path.text).text.split(separator: "/").filter { $0 != "." }
        return "file /" + parts.joined(separator: "/")
    }

    private static func images(in value: Value) -> [ImageReference] {
        if case .image(let image)? = value.asDomain { return [image] }
        if let text = value.asString { return (try? ImageReference(parsing: text)).map { [$0] } ?? [] }
        return value.asList?.flatMap(images) ?? []
    }
}
