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
                    var now = states[change.inverse.subject]
                    if now == nil { now = try await change.inverse.look(in: world) }
                    guard let now, let inverse = try await change.known(now, in: world),
                        try await inverse.mustBePutBack(now, in: world)
                    else {
                        told(item, .alreadyBack)
                        continue
                    }
                    if let refusal = inverse.refusal { throw refusal }
                    states[inverse.subject] = inverse.before
                    told(item, .takenBack(commands: inverse.commands))
                }
            } catch {
                told(item, .refused(RuntimeError(any: error)))
            }
        }
    }
}

extension RecordedInverse {
    /// Whether the run died before it could tell what it had made.
    var isOutcomeUnknown: Bool { state == "intended" && inverse.made == nil }

    /// The inverse, with what was made of the subject as far as that can be seen in what it stands for now.
    /// - Returns: nil where it was not changed.
    /// - Throws: where it is something else now, and nothing tells whether the run has made that.
    func known(_ now: Inverse.State, in world: World) async throws -> Inverse? {
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
                was: inverse.before == .absent ? "not there" : inverse.told(inverse.before), commands: inverse.commands)
        )
    }
}
