import Lang

/// An ECS task definition, addressed by its family: what its newest active revision says.
///
/// A revision is never changed. Another image means another revision; taking that back means retiring it, after which the
/// family stands for the former one again.
struct TaskDefinition: Sendable {
    let family: String
    let region: String?
    /// As `describe-task-definition` gives it.
    private let content: OrderedMap<JSON>
    private let tags: [JSON]
    /// Of this revision.
    let arn: String

    init(_ family: String, region: String?, in world: World) async throws {
        var answer = try await Self.describe(family, region, in: world)
        // What stands in for ECS, as moto does, may give the newest revision although it is retired.
        if answer["taskDefinition"]?["status"]?.text == "INACTIVE" {
            answer = try await Self.describe(Self.newestActive(family, region, in: world), region, in: world)
        }
        guard let content = answer["taskDefinition"]?.map, let arn = content["taskDefinitionArn"]?.text else {
            throw RuntimeError(
                .world, .unexpectedAnswer("aws ecs describe-task-definition", wanted: "a task definition"))
        }
        self.family = family
        self.region = region
        self.content = content
        self.arn = arn
        tags = answer["tags"]?.list ?? []
    }

    private static func describe(_ name: String, _ region: String?, in world: World) async throws -> JSON {
        let words = ["ecs", "describe-task-definition", "--task-definition", name, "--include", "TAGS"]
        return try await AWS.json(
            words + AWS.regionWords(region), to: "describe the task definition \(name)", in: world)
    }

    private static func newestActive(_ family: String, _ region: String?, in world: World) async throws -> String {
        let words = ["ecs", "list-task-definitions", "--family-prefix", family, "--status", "ACTIVE"]
        let answer = try await AWS.json(
            words + AWS.regionWords(region), to: "list the revisions of \(family)", in: world)
        let revisions = (answer["taskDefinitionArns"]?.list ?? []).compactMap(\.text)
        func number(_ arn: String) -> Int { arn.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
        guard let arn = revisions.max(by: { number($0) < number($1) }) else {
            throw RuntimeError(.world, .noActiveRevision(family))
        }
        return arn
    }

    // MARK: - Images

    private var containers: [OrderedMap<JSON>] { content["containerDefinitions"]?.list?.compactMap(\.map) ?? [] }
    private var names: [String] { containers.map { $0["name"]?.text ?? "" } }

    /// The position of the container that is meant: the one of this name, the only one, or the only one whose image is of the
    /// same repository.
    private func position(of name: String?, like image: ImageReference? = nil) throws -> Int {
        if let name {
            if let position = names.firstIndex(of: name) { return position }
            throw RuntimeError(.value, .noSuchContainer(name, in: family, names: names))
        }
        if containers.count == 1 { return 0 }
        let similar = containers.indices.filter { position in
            guard let image, let now = try? self.image(at: position) else { return false }
            return now.repository == image.repository
        }
        if similar.count == 1 { return similar[0] }
        throw RuntimeError(.value, .whichContainer(family, names: names))
    }

    private func image(at position: Int) throws -> ImageReference {
        try ImageReference(parsing: containers[position]["image"]?.text ?? "")
    }

    func image(of container: String?) throws -> ImageReference { try image(at: try position(of: container)) }

    func uses(_ image: ImageReference, in container: String?) throws -> Bool {
        try self.image(at: position(of: container, like: image)) == image
    }

    // MARK: - A new revision

    /// What a new revision may be given; the rest of what `describe-task-definition` tells is AWS's own.
    private static let given = [
        "family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions", "volumes",
        "placementConstraints", "requiresCompatibilities", "cpu", "memory", "pidMode", "ipcMode", "proxyConfiguration",
        "inferenceAccelerators", "ephemeralStorage", "runtimePlatform", "enableFaultInjection",
    ]

    private static let registerWords = ["ecs", "register-task-definition", "--cli-input-json", "file:///dev/stdin"]

    /// Containers may have secrets of others in their environment: a definition goes by standard input, and is not shown.
    func commands(setting image: ImageReference) -> [String] {
        let line = AWS.line(Self.registerWords + AWS.regionWords(region))
        return ["\(line) # \(family) as it is, with the image \(image.familiar)"]
    }

    /// Registers a revision with this image, and gives its ARN.
    func register(_ image: ImageReference, in container: String?, in world: World) async throws -> String {
        let position = try position(of: container, like: image)
        var containers = containers
        containers[position]["image"] = .text(image.familiar)
        var input = OrderedMap(Self.given.compactMap { key in content[key].map { (key, $0) } })
        input["containerDefinitions"] = .list(containers.map(JSON.map))
        if !tags.isEmpty { input["tags"] = .list(tags) }
        let words = Self.registerWords + AWS.regionWords(region)
        let answer = try await AWS.json(
            words, to: "register a revision of \(family) with \(image.familiar)", in: world,
            input: try JSON.map(input).printed())
        guard let arn = answer["taskDefinition"]?["taskDefinitionArn"]?.text else {
            throw RuntimeError(.world, .unexpectedAnswer(AWS.line(words), wanted: "the ARN of the revision"))
        }
        return arn
    }
}
