package import Lang

/// What can go wrong with GitHub.
extension Message {
    package static func githubFailed(_ purpose: String, output: String) -> Message {
        let lines = output.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
        return Message("gh could not \(purpose): \(lines.last ?? "it said nothing")", help: remedy(output))
    }

    private static func remedy(_ output: String) -> String? {
        func says(_ phrases: String...) -> Bool { phrases.contains { output.contains($0) } }
        if says("gh auth login", "GH_TOKEN", "Bad credentials") {
            return "log in with `gh auth login`, or set GH_TOKEN to a token that may do this"
        }
        if says("none of the git remotes", "no git remotes found") {
            return "set GH_REPO to OWNER/NAME where origin is not on GitHub"
        }
        if says("not found: label", "could not add label") {
            return "make the label in the repository first: `gh label create NAME`"
        }
        if says("Could not resolve to an issue") { return "`gh issue list` lists those there are" }
        return nil
    }
}
