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

    /// A channel of the team's chat.
    package struct Notification: Sendable {
        /// The environment variable that holds the address of its web hook.
        package let addressVariable: String
        /// The key of the message in what is sent: `text` for Slack, Mattermost and Teams, `content` for Discord.
        package let field: String
    }

    /// What is asked before and after a release, besides what relsh looks up itself.
    package struct Checklists: Sendable {
        package var preRelease: [String] = []
        package var postRelease: [String] = []
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
    /// The branch that releases are made from.
    package var mainBranch = "master"
    /// What stands before the number of an issue in the names of branches: `HelloServiceTask`.
    package var issuePrefix = ""
    package var notifications = OrderedMap<Notification>()
    package var checklists = Checklists()
    /// The directory of the DAGs that Airflow loads, relative to the root.
    package var dags = "airflow/dags"
}
