import Lang

// Finding things in a project by name, with an error that helps where there is no such thing.
extension Project {
    var changelogPath: Path { Path(root).joined(changelog) }

    /// The registry that comes first.
    func home() throws -> Registry {
        guard let first = registries.first else { throw RuntimeError(.world, .noRegistries()) }
        return first
    }

    func registry(_ name: String) throws -> Registry {
        if let registry = registries.first(where: { $0.name == name }) { return registry }
        let known = registries.map(\.name)
        throw RuntimeError(
            .value, .unknownRegistry(name, known: known, suggestion: suggestion(for: name, among: known)))
    }

    /// A `local` image is a `dev` image that is private to its builder.
    func stage(_ name: String) throws -> Stage {
        if let stage = stages[name] ?? (name == "local" ? stages["dev"] : nil) { return stage }
        let known = ["local"] + stages.keys
        throw RuntimeError(.value, .unknownStage(name, known: known, suggestion: suggestion(for: name, among: known)))
    }

    func suite(_ name: String) throws -> TestSuite {
        if let suite = suites[name] { return suite }
        throw RuntimeError(
            .value, .unknownSuite(name, known: suites.keys, suggestion: suggestion(for: name, among: suites.keys)))
    }

    func image(_ tag: String, in registry: Registry) throws -> ImageReference {
        try ImageReference(parsing: "\(registry.base)/\(name)").with(tag: tag)
    }
}
