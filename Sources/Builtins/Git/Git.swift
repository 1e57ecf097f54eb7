import Lang

/// The git command line, as all builtins call it: in the directory relsh was started in.
enum Git {
    /// Runs git and waits for it. A failure says what was tried and, for what is known to happen, what to do.
    ///
    /// - Parameter purpose: what it is for, as it stands after "git could not": `push v1.2.0`.
    @discardableResult
    static func run(
        _ arguments: [String], to purpose: String, in world: World, check: Bool = true, shows: Bool = false,
        environment: [String: String] = [:]
    ) async throws -> ProcessOutcome {
        let outcome = try await Command.run(
            ["git"] + arguments, in: world, check: false, quiet: !shows, printsLittle: true,
            environment: environment)
        if outcome.exitCode == 0 { return outcome }
        let line = ProcessRequest(["git"] + arguments, environment: environment).line
        let command = RuntimeError.FailedCommand(
            line: line, exitCode: outcome.exitCode, output: outcome.combined.lastLines(40))
        if outcome.combined.contains("not a git repository") {
            throw RuntimeError(.world, .notARepository(purpose, world.workingDirectory), command: command)
        }
        guard check else { return outcome }
        throw RuntimeError(.command, .gitFailed(purpose, output: outcome.combined), command: command)
    }

    /// Its output without the final newline.
    static func output(_ arguments: [String], to purpose: String, in world: World) async throws -> String {
        try await run(arguments, to: purpose, in: world).stdout.trimmed
    }

    static func line(_ arguments: [String]) -> String { ProcessRequest(["git"] + arguments).line }

    /// The commit that is checked out, whole.
    static func head(in world: World) async throws -> String {
        try await output(["rev-parse", "--verify", "HEAD"], to: "tell the current commit", in: world)
    }

    /// The commit that a tag stands for; nil where there is no such tag.
    static func commit(ofTag name: String, in world: World) async throws -> String? {
        let words = ["rev-parse", "--verify", "--quiet", "refs/tags/\(name)^{commit}"]
        let outcome = try await run(words, to: "look up the tag \(name)", in: world, check: false)
        return outcome.exitCode == 0 ? outcome.stdout.trimmed : nil
    }

    /// A tag at origin: what the ref is, and the commit that it stands for. Nil where origin has none of that name.
    /// - Throws: where origin cannot be asked.
    static func originTag(_ name: String, in world: World) async throws -> (object: String, commit: String)? {
        let ref = "refs/tags/\(name)"
        let listed = try await run(
            ["ls-remote", "origin", ref, "\(ref)^{}"], to: "look up the tag \(name) at origin", in: world,
            environment: withoutPrompt)
        var found: [String: String] = [:]
        for line in listed.stdout.split(separator: "\n") {
            let words = line.split(separator: "\t")
            if words.count == 2 { found[String(words[1])] = String(words[0]) }
        }
        return found[ref].map { ($0, found["\(ref)^{}"] ?? $0) }
    }

    /// What has git look past the plan that is made or followed, where that lies in the repository.
    static func withoutPlan(in world: World) async throws -> [String] {
        guard let plan = world.planFile else { return [] }
        let root = try await output(["rev-parse", "--show-toplevel"], to: "tell its root", in: world)
        guard plan.hasPrefix(root + "/") else { return [] }
        let path = plan.dropFirst(root.utf8.count + 1)
        return ["--untracked-files=all", "--", ":(top)", ":(top,exclude,literal)\(path)"]
    }

    /// A name that git would take for an option is refused.
    static func checked(_ name: String) throws -> String {
        if name.isEmpty || name.hasPrefix("-") { throw RuntimeError(.value, .unsafeGitName(name)) }
        return name
    }

    /// Whether git says that it knows no remote of that name: it takes it for a path then.
    static func lacksOrigin(_ output: String) -> Bool {
        output.contains("'origin' does not appear to be a git repository") || output.contains("No such remote")
    }

    /// Without a question for a password, which nobody would see: relsh's commands do not have the terminal.
    static let withoutPrompt = ["GIT_TERMINAL_PROMPT": "0"]

    static func pushWords(_ ref: String) -> [String] { ["push", "origin", ref] }

    static func push(_ ref: String, in world: World) async throws {
        try await run(
            pushWords(ref), to: "push \(ref) to origin", in: world, shows: true, environment: withoutPrompt)
    }
}
