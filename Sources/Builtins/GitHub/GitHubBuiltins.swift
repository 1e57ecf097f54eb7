package import Lang

/// Issues and pull requests, through the gh command.
package enum GitHubBuiltins {
    package static let all: [Builtin] = [
        .reads(
            "github.issue", "An issue of the repository, with its `number`, `title`, `state` and `url`.",
            Parameter("number", "its number"),
            example: """
                > github.issue(123).title
                "Add the package foobar"
                """
        ) { (world: World, number: Int) -> OrderedMap<JSON> in
            let words = ["issue", "view", String(number), "--json", "number,title,state,url"]
            let issue = try await GitHub.json(words, to: "read the issue \(number)", in: world)
            guard let fields = issue.map, fields["title"]?.text != nil else {
                throw RuntimeError(.world, .unexpectedAnswer(GitHub.line(words), wanted: "a title"))
            }
            return fields
        },

        .changes(
            "github.create_pull_request",
            "Opens a pull request and gives its address; an open one of the same branch is taken as it is.",
            Parameter("title", "what it is about"),
            Parameter("head", "the branch with the changes; it must have been pushed"),
            Parameter("base", "the branch that is to take them"),
            Parameter("body", "the description", default: ""),
            Parameter("reviewers", "who is asked to look at it", default: [String]()),
            Parameter("assignees", "whose it is", default: [String]()),
            Parameter("labels", "labels that the repository has", default: [String]()),
            example: """
                > github.create_pull_request("Release 1.3.0", "release-1.3.0", "master", labels: ["Automated release"])
                "https://github.com/team/hello-service/pull/7"
                """,
            reversals: [
                .by("gh pr close {head}", "closes it; who was told of it stays told")
            ],
            commands: { world, title, head, base, body, reviewers, assignees, labels in
                [
                    GitHub.line(
                        PullRequest(
                            title: title, body: body, head: head, base: base, reviewers: reviewers,
                            assignees: assignees, labels: labels
                        ).words)
                ]
            },
            inverse: { world, title, head, base, body, reviewers, assignees, labels in
                [try await .ofPullRequest(head, in: world)]
            },
            made: { inverses, url in inverses.made(.named(url)) },
            repeats: .again,
            body: {
                (
                    world: World, title: String, head: String, base: String, body: String, reviewers: [String],
                    assignees: [String], labels: [String]
                ) -> String in
                try await PullRequest(
                    title: title, body: body, head: head, base: base, reviewers: reviewers, assignees: assignees,
                    labels: labels
                ).create(in: world)
            }),
    ]
}
