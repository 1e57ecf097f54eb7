import Lang

/// A pull request that is to be there: found by its branch, made where there is none.
struct PullRequest: Sendable {
    let title: String
    let body: String
    let head: String
    let base: String
    let reviewers: [String]
    let assignees: [String]
    let labels: [String]

    /// `gh pr create …`
    var words: [String] {
        var words = ["pr", "create", "--title", title, "--body", body, "--head", head, "--base", base]
        for reviewer in reviewers { words += ["--reviewer", reviewer] }
        for assignee in assignees { words += ["--assignee", assignee] }
        for label in labels { words += ["--label", label] }
        return words
    }

    /// The address of the open pull request of a branch; nil where there is none.
    static func open(of head: String, in world: World) async throws -> String? {
        let words = ["pr", "list", "--head", head, "--state", "open", "--json", "url"]
        return try await GitHub.json(words, to: "look for the pull request of \(head)", in: world)
            .list?.first?["url"]?.text
    }

    /// Gives its address.
    func create(in world: World) async throws -> String {
        if let url = try await Self.open(of: head, in: world) {
            world.events.note("\(head) has a pull request already: \(url)")
            return url
        }
        let outcome = try await GitHub.run(words, to: "create the pull request of \(head)", in: world)
        let lines = outcome.stdout.split(whereSeparator: \.isNewline).map { String($0).trimmed }
        guard let url = lines.last(where: { $0.hasPrefix("https://") || $0.hasPrefix("http://") }) else {
            throw RuntimeError(.world, .unexpectedAnswer(GitHub.line(words), wanted: "the pull request's address"))
        }
        return url
    }
}

/// How a pull request is taken back: it is closed; its branch stays.
extension Inverse {
    static func ofPullRequest(_ head: String, in world: World) async throws -> Inverse {
        Inverse(.pullRequest(head), before: try await lookAtPullRequest(head, in: world))
    }

    static func lookAtPullRequest(_ head: String, in world: World) async throws -> State {
        try await PullRequest.open(of: head, in: world).map(State.named) ?? .absent
    }

    var pullRequestCommands: [String] { closingWords.map { [GitHub.line($0)] } ?? [] }

    func closePullRequest(in world: World) async throws {
        guard let closingWords else { return }
        try await GitHub.run(closingWords, to: "close the pull request", in: world)
    }

    private var closingWords: [String]? {
        if case .named(let url)? = made { ["pr", "close", url] } else { nil }
    }
}
