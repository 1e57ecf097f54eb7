import Builtins
import Lang

/// The registries that options may name: those of the project, or the reason why it cannot be read.
enum ProjectRegistries: Sendable {
    case known([Registry])
    case unreadable(RuntimeError)

    static func read(_ project: LiveProject) async -> ProjectRegistries {
        do {
            return .known(try await project.load().registries)
        } catch {
            return .unreadable(RuntimeError(any: error))
        }
    }

    /// - Throws: `UsageError` where there is none of that name.
    func named(_ name: String) throws(UsageError) -> Registry {
        switch self {
        case .known(let registries):
            if let registry = registries.first(where: { $0.name == name }) { return registry }
            throw UsageError(.noSuchRegistry(name, known: registries.map(\.name)))
        case .unreadable(let error):
            throw UsageError(Message(error.message, help: error.help, id: error.id), at: error.location)
        }
    }
}
