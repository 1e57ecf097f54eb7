import Lang

/// Changes that are taken back together, by what they have changed: those of one thing are a chain, in which each goes back to what
/// the one before it has made.
struct ChangeChains: Sendable {
    private let chains: [Inverse.Subject: [RecordedInverse]]

    /// - Parameter changes: oldest first. Those of the same run that are taken back already may be among them.
    init(_ changes: some Sequence<RecordedInverse>) {
        chains = Dictionary(grouping: changes) { $0.inverse.subject }
    }

    /// What a person would type to have the subject of a change as it was before all of them.
    func commands(for change: RecordedInverse) -> [String] {
        (chains[change.inverse.subject]?.first { $0.state != "undone" } ?? change).inverse.commands
    }

    /// Whether the subject of a change is as an older one has found it, or left it: then the change is taken back, whoever did it.
    func isBack(_ change: RecordedInverse, as now: Inverse.State) -> Bool {
        let chain = chains[change.inverse.subject] ?? []
        let index = chain.lastIndex { $0.effect == change.effect && $0.position == change.position }
        return chain.prefix(index ?? 0).contains { older in
            older.inverse.before == now || older.state != "undone" && older.inverse.made == now
        }
    }

    /// Takes back a change, the newest of what is left of its chain.
    func takeBack(_ change: RecordedInverse, in world: World) async throws -> Inverse.Ending {
        let commands = commands(for: change)
        do {
            guard change.isOutcomeUnknown else {
                return try await change.inverse.takeBack(advising: commands, in: world)
            }
            let now = try await change.inverse.look(in: world)
            guard let inverse = try await change.known(now, advising: commands, in: world) else { return .alreadyBack }
            return try await inverse.takeBack(advising: commands, in: world)
        } catch {
            if error is CancellationError || (error as? RuntimeError)?.kind == .cancelled { throw error }
            guard let now = try? await change.inverse.look(in: world), isBack(change, as: now) else { throw error }
            return .alreadyBack
        }
    }
}
