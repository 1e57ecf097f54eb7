import Glibc
import Lang
import Subprocess
import SystemPackage

/// One program of a pipeline: where its streams lead, and how it ended.
struct Stage: Sendable {
    enum Output: Sendable {
        /// Into the next stage.
        case pipe(Descriptor)
        /// To relsh. `joined` puts standard error into the same stream, which keeps the order they were written in.
        case collected(joined: Bool)
        /// To files, which are read at the end.
        case held(Descriptor, errors: Descriptor)
        case terminal(TerminalHandover?)
    }

    let program: PreparedProgram
    let workingDirectory: String
    let input: Descriptor
    let output: Output

    /// Starts the program and waits for it. Gives its exit code.
    func run(_ collector: OutputCollector, _ groups: ProcessGroups) async throws -> Int {
        switch output {
        case .pipe(let pipe):
            return try await launch(fileDescriptor(pipe.number), .sequence) { execution in
                started(execution.processIdentifier.value, groups)
                try await collector.takeErrors(execution.standardError)
            }
        case .collected(joined: true):
            return try await launch(.sequence, .combinedWithOutput) { execution in
                started(execution.processIdentifier.value, groups)
                try await collector.takeOutput(execution.standardOutput)
            }
        case .collected(joined: false):
            return try await launch(.sequence, .sequence) { execution in
                started(execution.processIdentifier.value, groups)
                async let errors: Void = collector.takeErrors(execution.standardError)
                try await collector.takeOutput(execution.standardOutput)
                try await errors
            }
        case .held(let file, let errors):
            let code = try await launch(fileDescriptor(file.number), fileDescriptor(errors.number)) { execution in
                started(execution.processIdentifier.value, groups)
            }
            try collector.take(file, errors: errors)
            return code
        case .terminal(let handover):
            return try await launch(fileDescriptor(STDOUT_FILENO), fileDescriptor(STDERR_FILENO)) { execution in
                started(execution.processIdentifier.value, groups)
                await handover?.lend(to: execution.processIdentifier.value)
            }
        }
    }

    /// The child has its own copies now; with ours open, no reader would ever see the end of its input.
    private func started(_ child: pid_t, _ groups: ProcessGroups) {
        groups.add(child)
        closeOurEnds()
    }

    private func closeOurEnds() {
        input.close()
        if case .pipe(let pipe) = output { pipe.close() }
    }

    private func launch<O: OutputProtocol, E: ErrorOutputProtocol>(
        _ output: O, _ error: E, _ body: (Execution<FileDescriptorInput, O, E>) async throws -> Void
    ) async throws -> Int {
        defer { closeOurEnds() }
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .interrupt, toProcessGroup: true, allowedDurationToNextStep: ProcessGroups.politeGrace),
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: ProcessGroups.grace),
        ]
        let result = try await Subprocess.run(
            .path(FilePath(program.path)),
            arguments: Arguments(
                executablePathOverride: program.arguments[0], remainingValues: Array(program.arguments.dropFirst())),
            environment: .custom(program.environment.entries), workingDirectory: FilePath(workingDirectory),
            platformOptions: options,
            input: .fileDescriptor(FileDescriptor(rawValue: input.number), closeAfterSpawningProcess: false),
            output: output, error: error, body: body)
        return switch result.terminationStatus {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
    }

    private func fileDescriptor(_ number: CInt) -> FileDescriptorOutput {
        .fileDescriptor(FileDescriptor(rawValue: number), closeAfterSpawningProcess: false)
    }
}
