import Lang

// The second phase: the moving tags flip, in all registries or in none.
extension Publication {
    func moveTags(_ content: Content, _ before: [String: Digest]) async throws -> [Change] {
        let all = try registries.flatMap { try places($0, movingTags) }
        if all.isEmpty { return [] }
        var undo = PublishUndo(client: client)
        for place in all {
            // Only an engine that pushes a moving tag itself has to name it on this machine first.
            try await undo.remember(
                place, before[place.image.description], onThisMachine: content.source.isEngine)
        }
        let results = await inParallel(registries) { registry in
            let places = try places(registry, movingTags)
            switch content.source {
            case .registry(_, let digest): return try await place(digest, content.manifest, at: places, before)
            case .engine(let id): return try await push(id, to: places, before)
            }
        }
        let failures = zip(registries, results).compactMap { failure($0.name, $1) }
        if failures.isEmpty { return try results.flatMap { try $0.get() } }
        // A task of its own: being cancelled is a reason to put things back, not to leave them.
        let report = await Task { [undo] in await undo.perform() }.value
        try rethrowCancellation(results, unlessStuck: report)
        throw report.error(image.familiar, failures: failures, command: command(of: results))
    }

    /// From an engine to the one registry there is.
    private func push(
        _ id: Digest, to places: [Place], _ before: [String: Digest]
    ) async throws -> [Change] {
        var changes: [Change] = []
        for place in places {
            let held = before[place.image.description]
            if let held, try await isSame(held, at: place.image, as: .engine(id)) {
                changes.append(Change(place: place, before: held, after: held))
            } else if let pushed = changes.last {
                changes += try await self.place(pushed.after, nil, at: [place], before)
            } else {
                let digest = try await PublishSource.push(id, to: place.image, client: client)
                changes.append(Change(place: place, before: held, after: digest))
            }
        }
        return changes
    }
}
