package import Lang

/// The repository that relsh was started in.
package enum GitBuiltins {
    package static let all: [Builtin] = reading + changing

    private static let reading: [Builtin] = [
        .reads(
            "git.head", "The current commit, whole.",
            example: """
                > git.head().len()
                40
                """
        ) { world in try await Git.head(in: world) },

        .reads(
            "git.short_head", "The current commit, as short as git makes it.",
            example: """
                > git.short_head()
                "3f2a9c1"
                """
        ) { world in
            try await Git.output(["rev-parse", "--short", "HEAD"], to: "tell the current commit", in: world)
        },

        .reads(
            "git.branch", "The current branch; null where a commit is checked out without one.",
            example: """
                > git.branch()
                "master"
                """
        ) { (world: World) -> String? in
            let name = try await Git.output(["branch", "--show-current"], to: "tell the current branch", in: world)
            return name.isEmpty ? nil : name
        },

        .reads(
            "git.is_clean", "Whether nothing was changed since the last commit; files that git does not know count.",
            example: """
                > git.is_clean()
                true
                """
        ) { world in
            let words = ["status", "--porcelain"] + (try await Git.withoutPlan(in: world))
            return try await Git.output(words, to: "tell what has changed", in: world).isEmpty
        },

        .reads(
            "git.root", "The top directory of the repository.",
            example: """
                > git.root()
                Path("/work/hello-service")
                """
        ) { world in Path(try await Git.output(["rev-parse", "--show-toplevel"], to: "tell its root", in: world)) },

        .reads(
            "git.tag_exists", "Whether the repository has a tag.",
            Parameter("name", "the tag"),
            example: """
                > git.tag_exists("hello-service-1.2.0")
                false
                """
        ) { (world: World, name: String) in
            try await Git.commit(ofTag: try GitName.checked(name), in: world) != nil
        },

        .reads(
            "git.tagged",
            "The commit that a tag stands for, here or at `origin`; null where there is no such tag. That `origin` cannot be asked is "
                + "an error; that there is none is only noted.",
            Parameter("name", "the tag"), Parameter("at_origin", "as origin has it, which is asked", default: false),
            example: """
                > git.tagged("hello-service-1.2.0")
                "3f2b8c…"
                """
        ) { (world: World, name: String, atOrigin: Bool) -> String? in
            let name = try GitName.checked(name)
            if !atOrigin { return try await Git.commit(ofTag: name, in: world) }
            do {
                return try await Git.originTag(name, in: world)?.commit
            } catch let error as RuntimeError where error.command.map({ Git.lacksOrigin($0.output) }) == true {
                world.events.note(
                    "there is no origin that the git tag \(name) could be at: `git remote add origin URL`")
                return nil
            }
        },

        .reads(
            "git.remote_url", "Where `origin` is; null where there is none.",
            example: """
                > git.remote_url()
                "git@github.com:team/hello-service.git"
                """
        ) { (world: World) -> String? in
            let words = ["config", "--get", "remote.origin.url"]
            let outcome = try await Git.run(words, to: "tell where origin is", in: world, check: false)
            // Outside a repository `git config` just says that there is no such setting.
            if outcome.exitCode != 0 { _ = try await Git.output(["rev-parse", "--git-dir"], to: "find it", in: world) }
            return outcome.exitCode == 0 ? outcome.stdout.trimmed : nil
        },
    ]

    private static let changing: [Builtin] = [
        .changes(
            "git.tag",
            "Tags the current commit. A tag that is there already is accepted at this commit and refused at another.",
            Parameter("name", "the tag, such as `hello-service-1.2.0`"),
            Parameter("push", "push it to origin; where that fails, the tag is removed again", default: false),
            Parameter("message", "makes it an annotated tag", default: String?.none),
            example: """
                > git.tag("hello-service-1.2.0", push: true)
                """,
            reversals: [
                .automatic("a tag that could not be pushed is removed here again", flag: "push"),
                .by("relsh -e 'git.untag(\"{name}\", push: {push})'", "whoever fetched the tag keeps it"),
            ],
            commands: { world, name, push, message in
                try await GitTag(name, push: push, message: message).commands(in: world)
            },
            planned: { world, name, push, message in Nothing() },
            inverse: { world, name, push, message in
                try await GitTag(name, push: push, message: message).inverses(in: world)
            },
            repeats: .again,
            body: { (world: World, name: String, push: Bool, message: String?) in
                try await GitTag(name, push: push, message: message).perform(in: world)
                return Nothing()
            }),

        .changes(
            "git.untag", "Removes a tag from this repository; what `git.tag` does the other way round.",
            Parameter("name", "the tag"),
            Parameter("push", "remove it from origin too", default: false),
            example: """
                > git.untag("hello-service-1.2.0")
                """,
            reversals: [
                .by(
                    "git tag {name} COMMIT",
                    "with the commit it was at; what was removed from origin needs `git push origin {name}` too")
            ],
            commands: { world, name, push in
                try await GitTag(name, push: push, message: nil).removalCommands(in: world)
            },
            planned: { world, name, push in Nothing() },
            repeats: .compared,
            found: { world, _, name, push in
                try await GitTag(name, push: push, message: nil).isRemoved(in: world) ? Nothing() : nil
            },
            body: { (world: World, name: String, push: Bool) in
                try await GitTag(name, push: push, message: nil).remove(in: world)
                return Nothing()
            }),

        .changes(
            "git.push", "Pushes a branch or a tag to origin.",
            Parameter("ref", "the branch or tag"),
            example: """
                > git.push("master")
                """,
            reversals: [
                .never("others may have fetched it already")
            ],
            commands: { world, ref in [Git.line(Git.pushWords(try Git.checked(ref)))] },
            planned: { world, ref in Nothing() },
            requires: { ref in [.gitRef(ref)] },
            repeats: .again,
            body: { (world: World, ref: String) in
                try await Git.push(try Git.checked(ref), in: world)
                return Nothing()
            }),

        .changes(
            "git.create_branch", "Makes a branch at the current commit and goes to it.",
            Parameter("name", "the branch"),
            example: """
                > git.create_branch("Task123_Add_package")
                """,
            reversals: [
                .by("git switch - && git branch -D {name}")
            ],
            commands: { world, name in [Git.line(["checkout", "-b", try GitName.checked(name)])] },
            planned: { world, name in Nothing() },
            requires: { name in [.newBranch(name)] },
            repeats: .compared,
            found: { world, _, name in
                let branch = try await Git.output(
                    ["branch", "--show-current"], to: "tell the current branch", in: world)
                return branch == name ? Nothing() : nil
            },
            body: { (world: World, name: String) in
                try await Git.run(
                    ["checkout", "-b", try GitName.checked(name)], to: "create the branch \(name)", in: world)
                return Nothing()
            }),
    ]
}
