import Lang
import Synchronization

/// Takes down what a dry run comes by.
package final class PlanRecorder: Sendable {
    private struct State {
        var plan: Plan
        /// The numbers of the requests that steps and effects were, in the same order.
        var steps: [Int] = []
        var effects: [Int] = []
    }

    let writing: PlanWriting
    private let state: Mutex<State>

    /// - Parameters:
    ///   - start: of the run that the plan is of.
    ///   - directories: of this machine.
    package init(
        _ start: RunStart, _ directories: PlanDirectories, state found: ProjectState?, digests: KnownImages,
        at time: Double
    ) {
        let writing = directories.writing { digests.title(ofPlanned: $0) }
        self.writing = writing
        let made = [
            CalendarTime(secondsSince1970: time).description, ProcessMark.userName, ProcessMark.hostName,
        ]
        state = Mutex(
            State(
                plan: Plan(
                    version: start.version, recipe: start.recipe, file: writing.text(start.file),
                    words: start.words.map(directories.writingOfWords.text),
                    settings: start.settings.dropLast().map(directories.writingOfWords.text),
                    projectFile: start.settings.last ?? "", directory: directories.start,
                    sources: start.sources.map { source in
                        Plan.Source(
                            file: writing.text(source.path), digest: RunStart.digest(Array(source.text.utf8)))
                    },
                    state: found, made: made)))
    }

    /// The plan as it is before the dry run.
    package var empty: Plan { state.withLock(\.plan) }

    /// What has been planned so far; all of it once the dry run has ended.
    ///
    /// - Parameter uncertain: what the machine has come by on branches that a real run may not take.
    func plan(_ uncertain: [Program.Uncertain]) -> Plan {
        state.withLock { state in
            var plan = state.plan
            for range in uncertain {
                for (index, number) in state.steps.enumerated() where range.requests.contains(number) {
                    plan.steps[index].mark.add(range)
                }
                for (index, number) in state.effects.enumerated() where range.requests.contains(number) {
                    plan.effects[index].mark.add(range)
                }
            }
            return plan
        }
    }

    func step(_ identity: Identity, parent: Identity?, title: String, kind: ScopeKind, request: Int) {
        let step = Plan.Step(
            identity: writing.text(identity.path), parent: parent.map { writing.text($0.path) },
            title: writing.text(title), kind: kind == .transaction ? "transaction" : "step")
        state.withLock { state in
            state.plan.steps.append(step)
            state.steps.append(request)
        }
    }

    /// - Parameter effect: with identity, place and commands as they are.
    func effect(_ effect: Plan.Effect, request: Int) {
        var written = Plan.Effect(
            identity: writing.text(effect.identity), step: effect.step.map(writing.text),
            place: writing.text(effect.place), name: effect.name, commands: effect.commands.map(writing.text))
        (written.stages, written.arguments) = (effect.stages, effect.arguments)
        (written.before, written.gives) = (effect.before, effect.gives)
        let effect = written
        state.withLock { state in
            state.plan.effects.append(effect)
            state.effects.append(request)
        }
    }

    func read(_ call: String, _ result: Value, _ identity: Identity, at place: SourceLocation) {
        let read = Plan.Read(
            identity: writing.text(identity.path), place: writing.text(place.description), call: writing.text(call),
            result: writing.json(result))
        state.withLock { $0.plan.reads.append(read) }
    }
}

extension Plan.Mark {
    fileprivate mutating func add(_ range: Program.Uncertain) {
        isUncertain = true
        if range.mayRepeat { mayRepeat = true }
    }
}

/// The directories of a machine that a plan has names for.
package struct PlanDirectories: Sendable {
    let project: String
    let repository: String?
    /// Where the run is started, from the project's directory: `.` in most cases.
    let start: String

    /// - Parameters:
    ///   - project: the directory of `relsh.toml`, where there is one.
    ///   - repository: the root of the git repository, where there is one.
    package init(workingDirectory: String, project: String?, repository: String?) {
        self.project = project ?? workingDirectory
        self.repository = repository
        let below = workingDirectory.dropFirst(self.project.utf8.count)
        start = workingDirectory.hasPrefix(self.project + "/") ? String(below.dropFirst()) : "."
    }

    /// For what is read again before the repository is known.
    var writingOfWords: PlanWriting { PlanWriting(project: project, repository: nil) { _ in "" } }

    func writing(_ digests: @escaping @Sendable (Int) -> String) -> PlanWriting {
        PlanWriting(project: project, repository: repository, digests: digests)
    }
}
