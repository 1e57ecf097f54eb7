import Lang

/// One message to a channel of the team's chat, by the web hook that the environment names.
struct ChatMessage: Sendable {
    let channel: String
    let text: String
    private let hook: Project.Notification

    init(_ text: String, to channel: String?, in world: World) async throws {
        let project = try await world.project.load()
        guard let name = channel ?? project.notifications.keys.first else {
            throw RuntimeError(.value, .noChannels())
        }
        guard let hook = project.notifications[name] else {
            let known = project.notifications.keys
            throw RuntimeError(
                .value, .unknownChannel(name, known: known, suggestion: suggestion(for: name, among: known)))
        }
        self.channel = name
        self.text = text
        self.hook = hook
    }

    private func body() throws -> String { try JSON.map(OrderedMap([(hook.field, .text(text))])).printed() }

    /// What a person would type. The address of a web hook is its password, so it stays in its variable.
    func line() throws -> String {
        let data = shellQuoted(try self.body())
        return "curl --header 'Content-Type: application/json' --data \(data) \"$\(hook.addressVariable)\""
    }

    // MARK: - Sending

    /// Sends it until it is taken: a server that is busy or down for a moment is asked again.
    func send(in world: World) async throws {
        let request = HTTPRequest(
            "POST", try address(in: world), fields: ["Content-Type": "application/json", "User-Agent": "relsh"],
            body: .bytes(Array(try self.body().utf8)))
        let policy = RetryPolicy(attempts: 4)
        var attempt = 1
        while true {
            let outcome = try await once(request, in: world)
            guard let outcome else { return }
            guard let delay = policy.delay(after: outcome.retry, attempt: attempt, random: .random(in: 0...1)) else {
                throw RuntimeError(
                    .world, .messageNotTaken(channel, reason: outcome.reason, attempts: attempt, hook.addressVariable))
            }
            world.events.note("\(outcome.reason); trying again in \((delay * 10).rounded() / 10) s")
            try await world.clock.sleep(.milliseconds(Int(delay * 1000)))
            attempt += 1
        }
    }

    /// Nil where it was taken.
    private func once(
        _ request: HTTPRequest, in world: World
    ) async throws -> (retry: RetryPolicy.Outcome, reason: String)? {
        do {
            let answer = try await world.http.send(request)
            await answer.discard()
            if (200..<300).contains(answer.status) { return nil }
            let wait = answer.fields["Retry-After"].flatMap { RetryPolicy.seconds($0, now: world.clock.now()) }
            return (.status(answer.status, retryAfter: wait), "\(request.url.authority) answered \(answer.status)")
        } catch let failure as HTTPFailure {
            return (.failure(failure.kind), "\(request.url.authority): \(failure.reason)")
        }
    }

    private func address(in world: World) throws -> WebAddress {
        guard let text = world.environment[hook.addressVariable], !text.isEmpty else {
            throw RuntimeError(.world, .noHookAddress(channel, hook.addressVariable))
        }
        guard let address = WebAddress(text.trimmed) else {
            throw RuntimeError(.world, .badHookAddress(channel, hook.addressVariable))
        }
        // Known as secrets from here on, so that they are hidden wherever they come back in a text.
        for part in [text.trimmed, address.shown, address.path, address.query ?? ""] {
            _ = Secret(part, source: "env \(hook.addressVariable)")
        }
        return address
    }
}
