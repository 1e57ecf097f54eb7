import Lang

/// Puts moving tags back to what they stood for.
struct PublishUndo: Sendable {
    let client: RegistryClient
    private var remembered: [(place: Publication.Place, before: Digest?, local: Local)] = []

    /// What a name stood for on this machine.
    private enum Local: Sendable {
        case unasked
        case was(Digest?)
    }

    init(client: RegistryClient) { self.client = client }

    /// What became of each tag.
    struct Report: Sendable {
        var restored: [String] = []
        /// It was not there before, and its registry deletes nothing.
        var left: [String] = []
        /// It could not be put back.
        var stuck: [String] = []
        /// The calls that would.
        var calls: [String] = []

        func error(
            _ image: String, failures: [String], command: RuntimeError.FailedCommand?
        ) -> RuntimeError {
            var error = RuntimeError(
                .world,
                .flipFailed(
                    image, failures: failures, restored: restored, left: left, stuck: stuck,
                    completion: calls.isEmpty ? nil : RegistryClient.line(calls)),
                command: command)
            if !stuck.isEmpty { error.exitCode = RuntimeError.undoIncomplete }
            return error
        }
    }

    /// Notes what a tag stands for before it moves: in its registry, and on this machine where it may move there too.
    mutating func remember(
        _ place: Publication.Place, _ before: Digest?, onThisMachine isLocal: Bool
    ) async throws {
        let local = isLocal ? Local.was(try await Docker.id(of: place.image, in: client.world)) : .unasked
        remembered.append((place, before, local))
    }

    func perform() async -> Report {
        let outcomes = await inParallel(remembered.indices.map(\.self)) { position in
            let (place, before, local) = remembered[position]
            let outcome = await restore(place, before)
            await restoreLocal(place, local)
            return outcome
        }
        var report = Report()
        for case .success(let outcome) in outcomes {
            switch outcome {
            case .untouched: break
            case .restored(let line): report.restored.append(line)
            case .left(let line): report.left.append(line)
            case .stuck(let line, let call):
                report.stuck.append(line)
                if let call { report.calls.append(call) }
            }
        }
        return report
    }

    private enum Outcome {
        case untouched
        case restored(String)
        case left(String)
        case stuck(String, call: String?)
    }

    private func restore(_ place: Publication.Place, _ before: Digest?) async -> Outcome {
        let label = "\(place.registry.name): \(place.image.familiar)"
        do {
            let now = try await client.digest(of: place.image)
            let mayYetMove = try await client.mayYetMove(place.image)
            if now == before, !mayYetMove { return .untouched }
            guard let before else {
                if now == nil {
                    let call = try RegistryClient.deleteCall(place.image)
                    return .stuck(
                        "\(label) was not there before, and may yet appear: its registry did not answer", call: call)
                }
                return try await client.takeBack(place.image) ? .restored("\(label) is gone again") : .left(label)
            }
            try await client.point(place.image, at: before, of: place.image)
            return .restored("\(label) is \(before) again")
        } catch {
            let reason = (error as? RuntimeError)?.message ?? "\(error)"
            guard let before else {
                let call = try? RegistryClient.deleteCall(place.image)
                return .stuck("\(label) should be gone, as it was not there before: \(reason)", call: call)
            }
            let call = try? RegistryClient.pointCall(place.image, at: before, of: place.image)
            return .stuck("\(label) should be \(before): \(reason)", call: call)
        }
    }

    /// Pushing goes by a name on this machine; that goes back too.
    private func restoreLocal(_ place: Publication.Place, _ local: Local) async {
        let world = client.world
        guard case .was(let local) = local, let name = try? Docker.tagged(place.image),
            let now = try? await Docker.id(of: place.image, in: world),
            now != local
        else { return }
        let words = local.map { ["tag", $0.description, name] } ?? ["rmi", name]
        _ = try? await Docker.run(words, to: "put back \(name)", in: world)
    }
}
