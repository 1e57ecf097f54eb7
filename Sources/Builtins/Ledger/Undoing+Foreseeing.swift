package import Lang

// What an undo would do, without doing it.

extension Undoing {
    /// What would become of one change.
    package enum Foreseen: Sendable {
        /// With what a person would type to do it.
        case takenBack(commands: [String])
        case alreadyBack
        case refused(RuntimeError)
    }

    /// Goes through them as `perform` does, as far as looking tells what that would find.
    package func foresee(in world: World, again: Bool = false, told: (Item, Foreseen) -> Void) async {
        // What is there once the newer changes are taken back.
        var states: [Inverse.Subject: Inverse.State] = [:]
        var stuck: Set<Inverse.Subject> = []
        for item in items {
            do {
                switch item {
                case .block(let step, let undo):
                    if let call = underWay[step.identity], !again {
                        throw RuntimeError(
                            .world, .undoWasUnderWay("step \(step.number), \(step.title)", call, run: run.number))
                    }
                    try await program.check(undo, of: step, world)
                    told(item, .takenBack(commands: []))
                case .change(let change):
                    let subject = change.inverse.subject
                    if stuck.contains(subject) { continue }
                    stuck.insert(subject)
                    let foreseen = try await foresee(change, from: states[subject], in: world)
                    stuck.remove(subject)
                    if case .takenBack = foreseen { states[subject] = change.inverse.before }
                    told(item, foreseen)
                }
            } catch {
                told(item, .refused(RuntimeError(any: error)))
            }
        }
    }

    /// - Parameter state: what the newer changes leave of its subject; nil where it is as it is.
    private func foresee(
        _ change: RecordedInverse, from state: Inverse.State?, in world: World
    ) async throws -> Foreseen {
        let now = if let state { state } else { try await change.inverse.look(in: world) }
        let commands = chains.commands(for: change)
        do {
            guard let inverse = try await change.known(now, advising: commands, in: world),
                try await inverse.mustBePutBack(now, advising: commands, in: world)
            else { return .alreadyBack }
            if let refusal = inverse.refusal { throw refusal }
            return .takenBack(commands: inverse.commands)
        } catch {
            if chains.isBack(change, as: now) { return .alreadyBack }
            throw error
        }
    }
}

extension RecordedInverse {
    /// Whether the run died before it could tell what it had made.
    var isOutcomeUnknown: Bool { state == "intended" && inverse.made == nil }

    /// The inverse, with what was made of the subject as far as that can be seen in what it stands for now.
    /// - Parameter commands: that a person is told where that cannot be known.
    /// - Returns: nil where it was not changed.
    /// - Throws: where it is something else now, and nothing tells whether the run has made that.
    func known(_ now: Inverse.State, advising commands: [String], in world: World) async throws -> Inverse? {
        guard isOutcomeUnknown else { return inverse }
        if now == inverse.before { return nil }
        if try await inverse.isAsMeant(now, in: world) {
            var inverse = inverse
            inverse.made = now
            return inverse
        }
        if let meant = inverse.meant {
            var inverse = inverse
            // What a manifest with that configuration is called does not matter where there is another.
            inverse.made = .image(meant)
            return inverse
        }
        throw RuntimeError(
            .world,
            .perhapsMade(
                inverse.title, now: inverse.told(now),
                was: inverse.before == .absent ? "not there" : inverse.told(inverse.before), commands: commands)
        )
    }
}
