package import Lang

/// The project that relsh was started in, read when first asked for.
package actor LiveProject: ProjectSource {
    private let files: any FileAccess
    private let workingDirectory: String
    private let environment: [String: String]
    private let options: [(String, String)]
    private var loaded: Project?
    private var hasHiddenPasswords = false

    /// - Parameter options: what `--set` was given: name and value.
    package init(
        files: any FileAccess, workingDirectory: String, environment: [String: String],
        options: [(String, String)] = []
    ) {
        self.files = files
        self.workingDirectory = workingDirectory
        self.environment = environment
        self.options = options
    }

    package func load() throws -> Project {
        if let loaded { return loaded }
        do {
            let project = try read()
            loaded = project
            return project
        } catch {
            // A mistake in what relsh was given, not a recipe that failed.
            var mistake = RuntimeError(any: error)
            mistake.exitCode = Self.exitCode
            throw mistake
        }
    }

    /// What is wrong with `relsh.toml`, or with what `--set` gave; nil where nothing is, or there is no project.
    package func mistake() -> RuntimeError? {
        do {
            _ = try load()
            return nil
        } catch {
            let error = RuntimeError(any: error)
            return error.isAbsentProject ? nil : error
        }
    }

    package func hidePasswords() {
        if hasHiddenPasswords { return }
        hasHiddenPasswords = true
        // A mistake in the file is told when something is asked of it.
        let project = try? load()
        // Whoever knows the address of a web hook can write to the channel.
        let hooks = project?.notifications.map { $1.addressVariable } ?? []
        let own = (project?.registries ?? []).compactMap(\.passwordEnvironment) + hooks
        for name in own + EnvironmentCredentials.secretVariables {
            if let text = environment[name] { _ = Secret(text, source: "env \(name)") }
        }
    }

    /// What relsh ends with, before anything was changed, where there is no project, or its settings are wrong.
    private static let exitCode = 2

    private func read() throws -> Project {
        let root = try ProjectFile.root(from: workingDirectory, files: files)
        let path = Path(root).joined(ProjectFile.name).text
        return try ProjectFile.load(
            root: root, shownAs: root == workingDirectory ? ProjectFile.name : path, bytes: files.read(path),
            environment: environment, options: options)
    }
}

extension RuntimeError {
    /// True where there is no `relsh.toml`, as against one that is wrong.
    package var isAbsentProject: Bool { id == Message.noProject(from: "").id }
}
