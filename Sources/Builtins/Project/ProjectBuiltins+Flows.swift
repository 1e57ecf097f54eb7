import Lang

// How a team works around its releases, as relsh.toml says.
extension ProjectBuiltins {
    static let flows: [Builtin] = [
        .reads(
            "project.main_branch",
            "The branch that releases are made from: `main_branch` in relsh.toml, [git], or master.",
            example: """
                > project.main_branch
                "master"
                """, form: .constant
        ) { world in try await world.project.load().mainBranch },

        .reads(
            "project.issue_prefix",
            "What stands before an issue's number in the name of its branch: `issue_prefix` in relsh.toml, [git], or the project's "
                + "name and `Task`.",
            example: """
                > project.issue_prefix
                "HelloServiceTask"
                """, form: .constant
        ) { world in try await world.project.load().issuePrefix },

        .reads(
            "project.checklist",
            "What is asked before or after a release besides what relsh looks up itself: [checklists] in relsh.toml.",
            Parameter("name", "`pre_release` or `post_release`"),
            example: """
                > project.checklist("pre_release")
                ["The regressions of orange pass"]
                """
        ) { (world: World, name: String) -> [String] in
            let lists = try await world.project.load().checklists
            switch name {
            case "pre_release": return lists.preRelease
            case "post_release": return lists.postRelease
            default: throw RuntimeError(.value, .unknownChecklist(name))
            }
        },

        .reads(
            "project.dags",
            "The directory of the DAGs that Airflow loads: `dags` in relsh.toml, [airflow], or airflow/dags.",
            example: """
                > project.dags
                Path("/work/hello-service/airflow/dags")
                """, form: .constant
        ) { (world: World) in
            let project = try await world.project.load()
            return Path(project.root).joined(project.dags)
        },
    ]
}
