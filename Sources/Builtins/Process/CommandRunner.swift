package import Lang

/// Runs programs for builtins and for `$ …`: reports what runs, shows its output as it comes and turns a failure into
/// an error that carries the end of it. The one way from a builtin to a process.
package enum Command {
    /// Runs one program and waits for it.
    ///
    /// - Parameters:
    ///   - check: raise an error when it ends with an exit code other than 0.
    ///   - quiet: do not show its output while it runs. It is still captured, and part of the error when it fails.
    ///   - hidesOutput: what it prints to standard output is a secret: nobody sees it, even where it fails.
    ///   - printsLittle: it is known to, so that its output need not be taken in while it runs, if nobody watches.
    ///   - timeout: the program and everything it started are stopped when this much time has passed.
    ///   - input: its standard input; `.terminal` hands it the terminal.
    ///   - cwd: the directory it runs in, relative to the one relsh was started in.
    ///   - environment: added to relsh's own.
    ///   - secrets: added to the environment too, and masked in everything that is shown.
    @discardableResult
    package static func run(
        _ arguments: [String], in world: World, check: Bool = true, quiet: Bool = false, hidesOutput: Bool = false,
        printsLittle: Bool = false, timeout: Duration? = nil, input: ProcessOptions.Input = .none, cwd: String? = nil,
        environment: [String: String] = [:],
        secrets: [String: Secret] = [:]
    ) async throws -> ProcessOutcome {
        var options = ProcessOptions()
        options.input = input
        options.timeout = timeout
        options.workingDirectory = cwd
        options.collectsAtEnd = printsLittle && (quiet || !world.events.watchesCommands)
        let request = ProcessRequest(arguments, environment: environment, secrets: secrets)
        return try await execute(
            [request], options, show: hidesOutput ? .secret : quiet ? .nothing : .everything, check: check, in: world)
    }

    /// What `$ …` (`capture: false`) and `$( … )` (`capture: true`) do. Captured output is not shown while it comes,
    /// standard error is. The final newline is the caller's to remove.
    package static func perform(
        _ pipeline: [ProcessRequest], capture: Bool, world: World
    ) async throws -> ProcessOutcome {
        var options = ProcessOptions()
        options.capturesOutput = capture
        return try await execute(pipeline, options, show: capture ? .errors : .live, check: true, in: world)
    }

    /// Which lines are shown while a program runs.
    enum Shown {
        /// As they come, for a person to read: what `$ …` prints.
        case live
        case everything, errors, nothing
        /// Nothing while it runs, and of standard output nothing afterwards.
        case secret
    }

    static func execute(
        _ stages: [ProcessRequest], _ options: ProcessOptions, show: Shown, check: Bool, in world: World
    ) async throws -> ProcessOutcome {
        // First, because a line of megabytes is long in the making and no help to anyone.
        for stage in stages { try checkSize(stage) }
        await world.project.hidePasswords()
        let line = SecretMask.hide(in: stages.map(\.line).joined(separator: " | "))
        let events = world.events
        var options = options
        options.workingDirectory = directory(options.workingDirectory, in: world)
        options.streamsOutput = show == .everything || show == .live
        let isLookup = show == .nothing || show == .secret
        let number = isLookup ? events.lookupStarted(line) : events.commandStarted(line)
        switch show {
        case .live:
            options.onLine = {
                let text = SecretMask.hide(in: $0)
                events.commandOutput(number, text)
                events.liveOutput(text, of: line)
            }
        case .everything, .errors: options.onLine = { events.commandOutput(number, SecretMask.hide(in: $0)) }
        case .nothing, .secret: break
        }

        let outcome: ProcessOutcome
        do {
            outcome =
                if case .terminal = options.input {
                    try await world.console.withTerminal { [options] in try await world.processes.run(stages, options) }
                } else {
                    try await world.processes.run(stages, options)
                }
        } catch {
            let shown = (error as? RuntimeError).map(SecretMask.hide)
            let output = show == .secret ? "" : shown?.command?.output ?? ""
            events.commandFinished(number, exitCode: -1, output: output)
            throw shown ?? error
        }
        let printed = show == .secret ? outcome.stderr : outcome.combined
        if !check, isLookup {
            // Its exit code is an answer; whoever asked tells where it is a failure.
            events.lookupAnswered(number)
            return outcome
        }
        events.commandFinished(
            number, exitCode: outcome.exitCode, output: outcome.exitCode == 0 ? "" : SecretMask.hide(in: printed))
        if check, outcome.exitCode != 0 { throw failure(stages, outcome, line, printed) }
        return outcome
    }

    /// Refuses what the system is known to refuse: together with the environment it may refuse less.
    private static func checkSize(_ stage: ProcessRequest) throws {
        var (total, longest) = (0, 0)
        for argument in stage.arguments {
            // Each has a NUL after it, and a pointer to it.
            total += argument.utf8.count + 1 + MemoryLayout<Int>.size
            longest = max(longest, argument.utf8.count + 1)
        }
        guard longest > ArgumentLimits.single || total > ArgumentLimits.total else { return }
        throw RuntimeError(.command, .commandTooLong(stage.arguments.first ?? "", bytes: total))
    }

    private static func failure(
        _ stages: [ProcessRequest], _ outcome: ProcessOutcome, _ line: String, _ printed: String
    ) -> RuntimeError {
        let failed = outcome.failedStage.flatMap { stages.indices.contains($0) ? stages[$0] : nil }
        let stage = stages.count > 1 ? failed.map { SecretMask.hide(in: $0.line) } : nil
        let output = SecretMask.hide(in: printed.lastLines(40))
        return RuntimeError(
            .command, .commandFailed(line, stage: stage, exitCode: outcome.exitCode),
            command: .init(line: line, exitCode: outcome.exitCode, output: output))
    }

    private static func directory(_ path: String?, in world: World) -> String {
        guard let path else { return world.workingDirectory }
        return Path(world.workingDirectory).joined(path).text
    }
}

extension String {
    /// The end of a text; what is shown of a long output.
    func lastLines(_ count: Int) -> String {
        let lines = utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let end = lines.last?.isEmpty == true ? lines.count - 1 : lines.count
        return lines[max(0, end - count)..<end].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }
}
