import Builtins
import Lang

/// A plan with the file it comes from.
struct FollowedPlan: Sendable {
    let path: String
    let plan: Plan
}

/// Making the plan of a run, and comparing one with what it would be now.
struct Planning: Sendable {
    let world: World
    let start: RunStart
    let project: LiveProject

    /// What takes a plan down, with what the project is now.
    func recorder() async -> PlanRecorder {
        let (directories, state) = await look()
        return PlanRecorder(start, directories, state: state, digests: world.images, at: world.clock.now())
    }

    /// What keeps a run to its plan, once it is sure that the plan holds: recipe and project are as they were, and planned anew the
    /// run would do the same.
    @Evaluation
    func follower(
        of followed: FollowedPlan, _ run: ProgramStart, _ options: Interpreter.Options
    ) async throws(RuntimeError) -> PlanFollower {
        let (plan, path) = (followed.plan, followed.path)
        let (directories, state) = await look()
        let recorder = PlanRecorder(start, directories, state: state, digests: world.images, at: world.clock.now())
        let differences = plan.differencesOfProject(to: recorder.empty)
        if !differences.isEmpty { throw RuntimeError(.world, .planOutdated(path, differences)) }
        var options = options
        options.isDryRun = true
        options.lock = nil
        options.planner = recorder
        var quiet = world
        quiet.console = SilentConsole(assumesYes: world.console.assumesYes)
        switch await run.run(in: quiet, observer: SilentObserver(), options) {
        case .finished(_, let now, _):
            let differences = now.map(plan.differencesOfWorld) ?? []
            if !differences.isEmpty { throw RuntimeError(.world, .planOutdated(path, differences)) }
        case .failed(let error, _):
            if error.kind == .cancelled { throw error }
            var failure = RuntimeError(.world, .planFailsNow(path, error.message))
            (failure.location, failure.frames, failure.command) = (error.location, error.frames, error.command)
            throw failure
        case .refused: break
        }
        return PlanFollower(plan, directories)
    }

    private func look() async -> (PlanDirectories, ProjectState?) {
        let directory = world.workingDirectory
        let root = try? ProjectFile.root(from: directory, files: LiveFiles(workingDirectory: directory))
        let state = await ProjectState.read(in: .quiet(project: project), but: world.planFile)
        let directories = PlanDirectories(workingDirectory: directory, project: root, repository: state?.root)
        return (directories, state)
    }
}

/// Shows nothing and asks nobody.
private struct SilentConsole: Console {
    let assumesYes: Bool
    var isInteractive: Bool { false }
    /// As in the run that follows: its commands are compared.
    var hasTerminal: Bool { Terminal.isOurs }
    var width: Int { 80 }
    func print(_ text: String) {}
    func readLine(prompt: String, isSecret: Bool) async throws -> String? { nil }
    func withTerminal<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T { try await body() }
}

private struct SilentObserver: RunObserver {
    var watchesCommands: Bool { false }
    func handle(_ event: RunEvent) {}
}
