import Glibc
import Lang
import Subprocess

/// Runs programs on this machine.
///
/// Every stage is started with swift-subprocess as the leader of a process group of its own. Stages are connected by
/// pipes of the system's, so that what flows between them never comes through relsh. When the task is cancelled or the
/// time is up, the groups are stopped as `ProcessGroups` says.
package struct LiveProcesses: ProcessRunner {
    private let environment: ChildEnvironment
    private let workingDirectory: String
    private let known = KnownPrograms()

    /// - Parameters:
    ///   - environment: what children inherit.
    ///   - workingDirectory: where they run unless told otherwise; absolute.
    package init(environment: [String: String], workingDirectory: String) {
        self.environment = ChildEnvironment(environment)
        self.workingDirectory = workingDirectory
    }

    package func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        let line = stages.map(\.line).joined(separator: " | ")
        if Task.isCancelled { throw RuntimeError(.cancelled, .commandCancelled(line)) }
        let directory = options.workingDirectory.map { Path(workingDirectory).joined($0).text } ?? workingDirectory
        try checkWorkingDirectory(directory, for: line)
        let programs = try stages.map {
            try PreparedProgram($0, inherited: environment, directory: directory, known: known)
        }
        guard !programs.isEmpty else { throw RuntimeError(.command, .noProgram()) }

        let collector = OutputCollector(options)
        let connected = try connect(programs, directory, options)
        let start = ContinuousClock.now
        let ending: Ending
        do {
            ending = try await withTimeout(options.timeout) { try await run(connected, collector) }
        } catch is OutputTooLong {
            throw failure(.command, .outputTooLong(line, limit: options.maximumOutput), line, collector)
        } catch let error as SubprocessError {
            throw RuntimeError(.command, notStarted(error, stages, programs))
        }
        switch ending {
        case .timedOut(let limit):
            throw failure(.timeout, .commandTimedOut(line, after: limit), line, collector)
        case .finished(let codes):
            let failed = failedStage(codes)
            if failed != nil, Task.isCancelled {
                throw failure(.cancelled, .commandCancelled(line), line, collector)
            }
            let (output, raw) = collector.output
            return ProcessOutcome(
                exitCode: failed.map { codes[$0] } ?? 0, stdout: output, rawOutput: raw, stderr: collector.errors,
                combined: collector.combined, duration: ContinuousClock.now - start, failedStage: failed)
        }
    }

    package func check(_ request: ProcessRequest, directory: String?) throws {
        let directory = directory.map { Path(workingDirectory).joined($0).text } ?? workingDirectory
        _ = try PreparedProgram(request, inherited: environment, directory: directory, known: known)
    }

    /// The last one that failed. A program whose reader wants no more (`yes | head -1`) has not: it either dies of
    /// SIGPIPE or, if a shell ran it, is reported as 128 + 13.
    private func failedStage(_ codes: [Int]) -> Int? {
        codes.indices.last { codes[$0] != 0 && !(codes[$0] == 141 && $0 != codes.count - 1) }
    }

    private func failure(
        _ kind: RuntimeError.Kind, _ message: Message, _ line: String, _ collector: OutputCollector
    ) -> RuntimeError {
        let output = collector.combined.lastLines(40)
        return RuntimeError(kind, message, command: .init(line: line, exitCode: nil, output: output))
    }

    private func notStarted(
        _ error: SubprocessError, _ stages: [ProcessRequest], _ programs: [PreparedProgram]
    ) -> Message {
        guard error.underlyingError?.rawValue == E2BIG else {
            let code = error.underlyingError?.rawValue
            let reason = code.map(errorText) ?? error.description
            let line = stages.map(\.line).joined(separator: " | ")
            // The programs themselves are there: they have been looked for.
            let interpreter = code == ENOENT ? programs.lazy.compactMap { Self.interpreter(of: $0.path) }.first : nil
            return .notStarted(line, reason, interpreter: interpreter, isNoProgram: code == ENOEXEC)
        }
        // Which stage it was is not told; the longest it must be.
        let sizes = programs.map { ($0.arguments[0], $0.size) }
        let longest = sizes.max { $0.1 < $1.1 }
        return .commandTooLong(longest?.0 ?? "", bytes: longest?.1 ?? 0)
    }
}

extension LiveProcesses {
    /// What a script's first line names, where that is not there.
    private static func interpreter(of path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = fread(&bytes, 1, bytes.count, file)
        let line = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
        guard line.starts(with: "#!".utf8) else { return nil }
        let words = String(decoding: line.dropFirst(2), as: UTF8.self).split { $0 == " " || $0 == "\t" }
        guard let name = words.first.map(String.init), access(name, F_OK) != 0 else { return nil }
        // The system takes the end of a line of Windows for a part of the name.
        return name.filter { $0 != "\r" }
    }
}

// MARK: - Stages

extension LiveProcesses {
    private func connect(
        _ programs: [PreparedProgram], _ directory: String, _ options: ProcessOptions
    ) throws -> [Stage] {
        var input: Descriptor
        var last = Stage.Output.collected(joined: !options.capturesOutput && options.streamsOutput)
        switch options.input {
        case .none: input = try .empty()
        case .text(let text): input = try .holding(text)
        case .secret(let secret): input = try .holding(secret.text)
        case .terminal:
            let handover = TerminalHandover()
            // In the background, reading from a terminal would stop the program, and nobody could wake it.
            let isAnothers = handover == nil && isatty(STDIN_FILENO) == 1
            input = try isAnothers ? .empty() : .standardInput()
            last = .terminal(handover)
        }
        if options.collectsAtEnd, case .collected = last { last = .held(try .scratch(), errors: try .scratch()) }
        var stages: [Stage] = []
        for program in programs.dropLast() {
            let pipe = try Descriptor.pipe()
            stages.append(
                Stage(program: program, workingDirectory: directory, input: input, output: .pipe(pipe.write)))
            input = pipe.read
        }
        stages.append(
            Stage(program: programs[programs.count - 1], workingDirectory: directory, input: input, output: last))
        return stages
    }

    private func run(_ stages: [Stage], _ collector: OutputCollector) async throws -> [Int] {
        let groups = ProcessGroups()
        defer { groups.end() }
        do {
            let codes = try await withTaskCancellationHandler {
                try await handingOver(stages) { try await run(stages, collector, groups) }
            } onCancel: {
                groups.noteStop()
            }
            if Task.isCancelled { await groups.sweep() }
            return codes
        } catch {
            await groups.sweep()
            throw error
        }
    }

    private func run(_ stages: [Stage], _ collector: OutputCollector, _ groups: ProcessGroups) async throws -> [Int] {
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for (position, stage) in stages.enumerated() {
                group.addTask { (position, try await stage.run(collector, groups)) }
            }
            var codes = [Int](repeating: 0, count: stages.count)
            for try await (position, code) in group { codes[position] = code }
            return codes
        }
    }

    private func handingOver(_ stages: [Stage], _ body: () async throws -> [Int]) async throws -> [Int] {
        guard case .terminal(let handover?)? = stages.last?.output else { return try await body() }
        return try await handover.whileAway(body)
    }
}

// MARK: - Time limit

extension LiveProcesses {
    private enum Ending: Sendable {
        case finished([Int])
        case timedOut(Duration)
    }

    /// Cancels `body` when the time is up, and waits until it has cleaned up.
    private func withTimeout(
        _ limit: Duration?, _ body: @escaping @Sendable () async throws -> [Int]
    ) async throws -> Ending {
        guard let limit else { return .finished(try await body()) }
        return try await withThrowingTaskGroup(of: [Int]?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                // Wakes up early only when `body` is done or everything is cancelled; neither is a timeout.
                do { try await Task.sleep(for: limit) } catch { return [] }
                return nil
            }
            var codes: [Int]?
            var isTimedOut = false
            while let result = try await group.next() {
                switch result {
                case nil: isTimedOut = true
                case let finished? where !finished.isEmpty: codes = finished
                default: continue
                }
                group.cancelAll()
            }
            // Exit code 0 after the time is no success: some programs end so when they are interrupted.
            if let codes, !isTimedOut { return .finished(codes) }
            return .timedOut(limit)
        }
    }
}
