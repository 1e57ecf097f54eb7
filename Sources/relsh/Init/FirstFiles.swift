import Builtins
import Lang

/// The files that a team begins with, made from what was found.
struct FirstFiles: Sendable {
    let survey: ProjectSurvey
    /// `2025-10-06`
    let date: String

    /// Path to content, in the order they are told of. A changelog is made where there is none.
    var all: [(path: String, text: String)] {
        [("relsh.toml", settings)]
            + (survey.changelog == nil ? [("changelog.txt", changelog)] : [])
            + [("recipes/\(survey.name.replacing("-", with: "_")).rel", recipe)]
    }

    // MARK: - relsh.toml

    var settings: String {
        ([head, registries, stages] + survey.suites.map(suite)).filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var head: String {
        """
        name = \(quoted(survey.name))          # the image's name, and the prefix of git tags
        changelog = \(quoted(survey.changelog ?? "changelog.txt"))

        """
    }

    private var registries: String {
        guard let owner = survey.owner else {
            return """
                [registries.home]            # the first one is home; relsh could not tell which you use
                base = "127.0.0.1:5000/team" # host[:port]/path, such as docker.io/NAME or ACCOUNT.dkr.ecr.REGION.amazonaws.com
                # login = "ecr"              # or username and password_env, where the registry asks for a password

                """
        }
        return """
            [registries.ghcr]            # the first one is home; more are added as [registries.NAME]
            base = \(quoted("ghcr.io/\(owner)"))
            username = \(quoted(owner))
            password_env = "GHCR_TOKEN"  # the environment variable that holds the password

            """
    }

    private var stages: String {
        let usual = ["dev": "devops/docker_build/dev.Dockerfile", "prod": "devops/docker_build/prod.Dockerfile"]
        return [("dev", survey.devDockerfile), ("prod", survey.prodDockerfile)].map { stage, found in
            guard let found, found != usual[stage] else { return "" }
            return "[stages.\(stage)]\ndockerfile = \(quoted(found))\n"
        }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func suite(_ suite: ProjectSurvey.Suite) -> String {
        let words = suite.command.map(quoted)
        return "[tests.\(suite.name)]\n"
            + (suite.isOutside ? "where = \"outside\"         # as a user of the image would\n" : "")
            + "command = [\(words.joined(separator: ", "))]\ntimeout = \"30m\"\n"
    }

    // MARK: - The others

    private var changelog: String { "# \(survey.name)-0.1.0\n- \(date)\n- The first release with relsh\n" }

    private var recipe: String {
        """
        ## Say what the next release brings: a first recipe, to be replaced by your own.
        recipe whats_new() {
            let entry = changelog.entries().first()
            if entry == null { fail "the changelog has no entry yet" }
            print("${project.name} ${entry.version}, of ${entry.date}:")
            for change in entry.changes { print("- ${change}") }
        }

        """
    }

    private func quoted(_ text: String) -> String { Value.string(text).literal.replacing("\\$", with: "$") }
}
