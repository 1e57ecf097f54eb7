/// What a token allows: `repository:team/app:pull,push`.
struct RegistryScope: Sendable, Hashable, CustomStringConvertible {
    let repository: String
    /// Sorted: `delete`, `pull`, `push`.
    let actions: [String]

    static func pull(_ repository: String) -> RegistryScope { RegistryScope(repository: repository, actions: ["pull"]) }

    static func push(_ repository: String) -> RegistryScope {
        RegistryScope(repository: repository, actions: ["pull", "push"])
    }

    static func delete(_ repository: String) -> RegistryScope {
        RegistryScope(repository: repository, actions: ["delete", "pull"])
    }

    var description: String { "repository:\(repository):\(actions.joined(separator: ","))" }
}
