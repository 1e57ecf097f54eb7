import Lang
import Synchronization

/// Keeps a run to its plan.
///
/// A change of the run is looked for where it stands in the plan: at the same place in the source, in the same parent. Where a
/// loop, a `retry` or a condition depends on what only a real run knows, the run may come to a place more often than the plan,
/// or less: then occurrences are counted off in order, those that may repeat are used again, and a parent is taken for the
/// one in whose place its changes fit.
package final class PlanFollower: Sendable {
    private let state: Mutex<PlanTree>
    private let writing: PlanWriting

    package init(_ plan: Plan, _ directories: PlanDirectories) {
        // A real run knows every digest.
        writing = directories.writing { _ in "" }
        state = Mutex(PlanTree(plan))
    }

    /// How many of the planned changes the run has come to; one that repeats counts once for each time.
    package var madeCount: Int { state.withLock(\.made) }

    // MARK: Checking

    /// - Throws: where the plan has no such change, or another at its place.
    func check(_ builtin: Builtin, _ arguments: [Value], _ shown: String, _ identity: Identity) throws(RuntimeError)
        -> Followed
    {
        let given = writing.value(.list(arguments))
        return try find(identity, shown) { planned, match in
            guard planned.name == builtin.name, planned.stages == nil else { return false }
            return match.matches(planned: PlanFields.parsed(planned.arguments), real: given)
        }
    }

    func check(_ request: CommandRequest, _ line: String, _ identity: Identity) throws(RuntimeError) -> Followed {
        let stages = request.stages.map { Plan.Stage($0, writing) }
        return try find(identity, line) { planned, match in
            guard let expected = planned.stages, expected.count == stages.count else { return false }
            for (expected, stage) in zip(expected, stages) where !match.matches(planned: expected, real: stage) {
                return false
            }
            return true
        }
    }

    /// A change that the plan has.
    struct Followed: Sendable {
        fileprivate let effect: Plan.Effect
    }

    /// What it has given: digests that the plan could not know are known from here on.
    func made(_ followed: Followed, _ result: Value) {
        guard let gives = followed.effect.gives else { return }
        let real = writing.value(result)
        state.withLock { _ = $0.match.matches(planned: PlanFields.parsed(gives), real: real) }
    }

    private func find(
        _ identity: Identity, _ shown: String, _ fits: (Plan.Effect, inout PlanMatch) -> Bool
    ) throws(RuntimeError) -> Followed {
        let path = PlanIdentity(writing.text(identity.path)).parts
        let found: Result<Followed, RuntimeError> = state.withLock { state in
            var other: Plan.Effect?
            for candidate in state.candidates(path) {
                guard let effect = candidate.effect else { continue }
                other = other ?? effect
                var match = state.match
                guard fits(effect, &match) else { continue }
                state.match = match
                state.take(candidate, path)
                return .success(Followed(effect: effect))
            }
            let planned = other.map { $0.commands.joined(separator: "; ") }
            return .failure(RuntimeError(.limit, .outsidePlan(shown, planned: planned)))
        }
        return try found.get()
    }
}

extension Plan.Stage {
    /// - Parameter stage: of a dry run, or of a real one.
    init(_ stage: CommandRequest.Stage, _ writing: PlanWriting) {
        var rest = stage.arguments[...]
        words = stage.counts.map { count in
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count).map(writing.text)
        }
        environment = [:]
        for (name, secret, text) in stage.environment {
            environment[name] = secret.map { "the secret \(writing.text($0.source))" } ?? writing.text(text)
        }
    }
}
