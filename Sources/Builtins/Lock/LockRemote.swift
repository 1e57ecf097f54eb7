import Lang

/// The place of a project's lock: a ref at a git remote. All that git is asked for it is here.
///
/// Nothing of it touches the working tree or a branch: the object is written to the repository's store without a name, the ref
/// is at the remote alone. No hook of this repository runs, and nobody is asked for a password.
package struct LockRemote: Sendable {
    /// As git calls it, such as `origin`.
    package let name: String
    let ref: String
    /// Whether ssh may be told not to ask; not where the person has an ssh of their own.
    private let usesPlainSSH: Bool

    /// What became of an attempt to move the ref.
    enum Push: Sendable {
        case done
        /// The ref was not as expected, or somebody else moved it at the same time.
        case overtaken
        case failed(RuntimeError)
    }

    // MARK: Finding it

    /// Nil where the project is not to be locked at a remote, or there is none.
    /// - Throws: `RuntimeError` where the settings name a remote that git does not know.
    package static func find(for project: Project, in world: World) async throws -> LockRemote? {
        let wanted: String
        switch project.lock.place {
        case .nowhere: return nil
        case .automatic: wanted = "origin"
        case .remote(let name): wanted = name
        }
        let isWanted = project.lock.place != .automatic
        let words = ["config", "--null", "--get-regexp", #"^(remote\..*\.url|core\.sshcommand)$"#]
        let found: ProcessOutcome
        do {
            found = try await run(words, in: world)
        } catch {
            // Without git there is no remote, and nothing that several machines share.
            if isWanted { throw error }
            return nil
        }
        let settings = found.stdout.split(separator: "\0").map { $0.prefix { $0 != "\n" } }
        if !settings.contains("remote.\(wanted).url") {
            guard isWanted else { return nil }
            // A repository may be named by its address, too.
            if !wanted.contains(":") && !wanted.contains("/") { throw RuntimeError(.world, .noLockRemote(wanted)) }
        }
        let own = ["GIT_SSH_COMMAND", "GIT_SSH"].contains { world.environment[$0]?.isEmpty == false }
        return LockRemote(
            name: wanted, ref: ref(of: project.name), usesPlainSSH: !own && !settings.contains("core.sshcommand"))
    }

    /// One name of a ref for each name of an image: a `/` would let one lock stand in the way of another, and git does not take
    /// `.lock` at the end.
    static func ref(of project: String) -> String {
        var name = project.replacingBytes(of: "/", with: "%2F")
        if name.hasSuffix(".lock") { name = name.dropLast(5) + "%2Elock" }
        return "refs/relsh/locks/\(name)"
    }

    // MARK: Asking git

    /// Writes the object of a note into the repository, and gives its id.
    func write(_ note: LockNote, in world: World) async throws -> String {
        let written = try await Self.run(["hash-object", "-w", "--stdin"], input: note.text, in: world)
        let id = written.stdout.trimmed
        guard written.exitCode == 0, Self.isObject(id) else {
            throw RuntimeError(.command, .gitFailed("write the lock of this release", output: written.combined))
        }
        return id
    }

    /// Lets the ref stand for `object`, or removes it where that is nil. The remote compares and changes in one.
    /// - Parameter expected: the object that it must stand for now; nil where it must not be there.
    func push(_ object: String?, expecting expected: String?, in world: World) async throws -> Push {
        let words = [
            "push", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no", "--porcelain",
            "--force-with-lease=\(ref):\(expected ?? "")", "--", name, "\(object ?? ""):\(ref)",
        ]
        let pushed = try await ask(words, in: world)
        if pushed.exitCode == 0 { return .done }
        if Self.overtaken.contains(where: pushed.combined.contains) { return .overtaken }
        return .failed(failure("lock this release at \(name)", words, pushed))
    }

    /// What git says of a ref that was moved meanwhile: itself, or the remote. (`deleted` is what it says of one that is gone.)
    private static let overtaken = [
        "stale info", "reference already exists", "failed to update ref", "cannot lock ref", "failed to lock",
        "remote ref does not exist", "unable to create", "incorrect old value", "but expected",
    ]

    /// The object that the ref stands for; nil where nobody holds the lock.
    func look(in world: World) async throws -> String? {
        let words = ["ls-remote", "--", name, ref]
        let listed = try await ask(words, in: world)
        guard listed.exitCode == 0 else { throw failure("ask \(name) for the lock of this project", words, listed) }
        for line in listed.stdout.split(separator: "\n") {
            let words = line.split(separator: "\t").map(String.init)
            if words.count == 2, words[1] == ref, Self.isObject(words[0]) { return words[0] }
        }
        return nil
    }

    /// What an object says; nil where it is gone meanwhile, or is no note that this relsh can read.
    func read(_ object: String, in world: World) async throws -> LockNote? {
        if let known = try await content(of: object, in: world) { return LockNote(text: known) }
        let words = [
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=",
            "--no-auto-maintenance", "--", name, ref,
        ]
        _ = try await ask(words, in: world)
        return try await content(of: object, in: world).flatMap(LockNote.init)
    }

    private func content(of object: String, in world: World) async throws -> String? {
        let shown = try await Self.run(["cat-file", "blob", object], in: world)
        return shown.exitCode == 0 ? shown.stdout : nil
    }

    private func failure(_ purpose: String, _ words: [String], _ outcome: ProcessOutcome) -> RuntimeError {
        let line = ProcessRequest(["git"] + words).line
        return RuntimeError(
            .command, .gitFailed(purpose, output: Self.telling(outcome.combined)),
            command: .init(line: line, exitCode: outcome.exitCode, output: outcome.combined.lastLines(40)))
    }

    /// The line that says most: why the remote refused, or what went wrong first.
    private static func telling(_ output: String) -> String {
        let lines = output.split(whereSeparator: \.isNewline)
        let refusal = lines.lazy.compactMap { $0.split(separator: "\t").last }.first {
            $0.hasPrefix("[remote rejected]") || $0.hasPrefix("[rejected]")
        }
        if let refusal { return "error: \(refusal)" }
        return lines.first { $0.hasPrefix("fatal:") }.map(String.init) ?? output
    }

    private static func isObject(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count) && text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }

    // MARK: Running git

    /// How long the remote may take to answer.
    private static let patience = Duration.seconds(60)

    /// A command that goes to the remote. ssh would ask at the terminal, which programs of relsh do not have, and wait for ever.
    private func ask(_ words: [String], in world: World) async throws -> ProcessOutcome {
        try await Self.run(
            words, environment: usesPlainSSH ? ["GIT_SSH_COMMAND": "ssh -o BatchMode=yes"] : [:], in: world)
    }

    private static func run(
        _ words: [String], input: String? = nil, environment: [String: String] = [:], in world: World
    ) async throws -> ProcessOutcome {
        // Git's words are read here, whatever language the person has.
        let environment = Git.withoutPrompt.merging(["LC_ALL": "C"]) { $1 }.merging(environment) { $1 }
        return try await Command.run(
            ["git", "-c", "core.hooksPath=/dev/null"] + words, in: world.silent, check: false, quiet: true,
            printsLittle: true, timeout: patience, input: input.map(ProcessOptions.Input.text) ?? .none,
            environment: environment)
    }
}
