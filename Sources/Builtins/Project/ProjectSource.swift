package import Lang

/// Gives the project that relsh was started in.
package protocol ProjectSource: Sendable {
    /// - Throws: `RuntimeError` where there is no `relsh.toml` from here upwards, or it is wrong; with its position.
    func load() async throws -> Project
    /// From now on, the passwords in the environment are hidden, whether or not anything has logged in yet: programs inherit the
    /// variables, and may print them. Does its work once.
    func hidePasswords() async
}

extension ProjectSource {
    package func hidePasswords() async {}
}

/// What `relsh.toml` says, checked.
package struct Project: Sendable {
    package struct Stage: Sendable {
        /// Relative to the project's directory.
        package let dockerfile: String
        package let ignoreFile: String?
    }

    package struct TestSuite: Sendable {
        package enum Place: String, Sendable { case inside, outside }
        /// `{image}`, `{stage}` and `{version}` stand for what is tested.
        package let command: [String]
        package let timeout: Duration?
        package let place: Place
    }

    /// The image's name and the prefix of git tags.
    package let name: String
    /// The directory of `relsh.toml`, absolute.
    package let root: String
    /// Relative to the root.
    package let changelog: String
    /// In the order of the file; the first is home.
    package let registries: [Registry]
    package let stages: OrderedMap<Stage>
    package let suites: OrderedMap<TestSuite>
    /// What images of several platforms are built for, as docker calls them: `linux/arm64`.
    package let platforms: [String]
    /// The buildx builder that images of several platforms are built with; docker's own choice where it is nil.
    package let builder: String?
    package var ledger = LedgerSettings()
    package var lock = LockSettings()
}
