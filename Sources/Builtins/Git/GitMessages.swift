package import Lang

/// What can go wrong with git.
extension Message {
    package static func notARepository(_ purpose: String, _ directory: String) -> Message {
        Message(
            "git could not \(purpose): \(directory) is not inside a git repository",
            help: "go to the project, or make it a repository with `git init`")
    }

    package static func gitFailed(_ purpose: String, output: String) -> Message {
        let lines = output.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
        let telling = lines.last { $0.hasPrefix("fatal:") || $0.hasPrefix("error:") || $0.hasPrefix("! [") }
        return Message(
            "git could not \(purpose): \(telling ?? lines.last ?? "it said nothing")", help: remedy(output))
    }

    private static func remedy(_ output: String) -> String? {
        if output.contains("terminal prompts disabled") || output.contains("Authentication failed") {
            return "set up a credential helper or an SSH key for the remote: relsh does not ask for git's passwords"
        }
        if output.contains("already exists") && output.contains("rejected") {
            return "the remote has it at another commit; look at it with `git ls-remote --tags origin`"
        }
        if output.contains("a branch named") && output.contains("already exists") {
            return "go to it with `git switch`, or delete it with `git branch -D` and run this again"
        }
        if Git.lacksOrigin(output) {
            return "tell git where to push: `git remote add origin URL`"
        }
        if output.contains("does not appear to be a git repository") {
            return "look where the remote is: `git remote -v`; `git remote set-url origin URL` changes it"
        }
        if output.contains("unknown revision") || output.contains("Needed a single revision") {
            return "the repository has no commit yet: make one first"
        }
        return nil
    }

    package static func tagElsewhere(
        _ name: String, at commit: String, wanted: String, isAtOrigin: Bool = false
    ) -> Message {
        Message(
            "the git tag \(name) exists \(isAtOrigin ? "at origin, " : "")at the commit \(commit), and should be made at \(wanted)",
            help: "release under a new version, or check out \(commit.prefix(12)); if the tag is wrong, remove it with "
                + "`git tag --delete \(shellQuoted(name))` and from the remote as well")
    }

    package static func noSuchGitRef(_ ref: String) -> Message {
        Message("there is no branch or tag \(ref) to push", help: "`git branch` and `git tag` list those there are")
    }

    package static func branchExists(_ name: String) -> Message {
        Message(
            "there is a branch \(name) already",
            help: "go to it with `git switch \(shellQuoted(name))`, or choose another name")
    }

    package static func unsafeGitName(_ name: String) -> Message {
        Message(
            "\(quoted(name)) cannot be the name of a branch or a tag",
            help:
                "a name must not be empty, begin with `-`, or have blanks, `~`, `^`, `:`, `?`, `*`, `[`, `\\`, `..` or `@{` in it; "
                + "`git help check-ref-format` has all of the rules")
    }
}
