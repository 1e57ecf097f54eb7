import Lang

/// Task definitions, and how they are taken back to their former revision.
extension Inverse {
    static func ofTaskDefinition(_ family: String, region: String?, in world: World) async throws -> Inverse {
        Inverse(
            .taskDefinition(family, region: region),
            before: try await lookAtTaskDefinition(family, region, in: world))
    }

    static func lookAtTaskDefinition(_ family: String, _ region: String?, in world: World) async throws -> State {
        .named(try await TaskDefinition(family, region: region, in: world).arn)
    }

    func taskDefinitionCommands(_ region: String?) -> [String] {
        guard case .named(let arn)? = made else { return [] }
        return [AWS.line(Self.retiringWords(arn, region))]
    }

    /// Retires the revision that was made: the family then stands for the former one.
    func restoreTaskDefinition(_ family: String, region: String?, in world: World) async throws {
        guard case .named(let arn)? = made else { return }
        try await AWS.run(Self.retiringWords(arn, region), to: "retire \(arn)", in: world)
        let now = try await Self.lookAtTaskDefinition(family, region, in: world)
        if case .named(let former) = now { world.events.note("\(family) is \(former) again") }
    }

    private static func retiringWords(_ arn: String, _ region: String?) -> [String] {
        ["ecs", "deregister-task-definition", "--task-definition", arn] + AWS.regionWords(region)
    }
}
