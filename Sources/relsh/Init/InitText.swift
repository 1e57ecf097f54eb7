import Builtins

/// What `relsh init` tells.
struct InitText: Sendable {
    let survey: ProjectSurvey

    init(_ survey: ProjectSurvey) { self.survey = survey }

    /// One line for each thing that was looked for.
    var found: String {
        lines([
            (
                "name",
                survey.name
                    + (survey.remote.map { ", from the git remote \($0)" }
                        ?? ", from the directory: there is no git remote")
            ),
            (
                "registry",
                survey.owner.map { "ghcr.io/\($0), as the remote is on GitHub" }
                    ?? "not known: change [registries.home] in relsh.toml"
            ),
            ("dev", dockerfile(survey.devDockerfile, "dev")),
            ("prod", dockerfile(survey.prodDockerfile, "prod")),
            ("changelog", changelog),
            ("tests", tests),
        ])
    }

    private func lines(_ rows: [(String, String)]) -> String {
        rows.map { name, text in
            "found        \(name + String(repeating: " ", count: max(0, 9 - name.count)))  \(text)\n"
        }.joined()
    }

    private func dockerfile(_ path: String?, _ stage: String) -> String {
        path
            ?? "no Dockerfile: relsh looks for devops/docker_build/\(stage).Dockerfile, or what [stages.\(stage)] names"
    }

    private var changelog: String {
        guard let path = survey.changelog else { return "none" }
        if let newest = survey.newest { return "\(path), whose newest entry is \(newest)" }
        return
            "\(path), whose entries relsh cannot read: it wants `# \(survey.name)-1.0.0`, then `- 2025-10-06`, then `- ` and the change"
    }

    private var tests: String {
        guard let source = survey.suitesFrom else { return "none: add them as [tests.fast] with `command = [\"…\"]`" }
        return survey.suites.map(\.name).joined(separator: ", ") + ", from \(source)"
    }

    /// What to do then.
    var next: String {
        """

        Look through relsh.toml, and name .relsh in .gitignore: relsh keeps its ledger there. Then:
          relsh --list                              the recipes there are
          relsh whats_new                           the first of your own
          relsh docker_release_dev_image --dry-run  what a release would do

        """ + image
    }

    /// Whether the tests outside look at the variable cannot be told from here.
    private var image: String {
        guard let suite = survey.suites.first(where: \.readsImage) else { return "" }
        return """

            The suite \(suite.name) gets the image to test in the variable IMAGE: have its tests read it. Tests that find their image
            by themselves test what is on the machine, and not what is released.

            """
    }
}
