import Lang

/// Requests to one registry: let in, redirected, tried again.
struct RegistrySession: Sendable {
    let endpoint: RegistryEndpoint
    let world: World
    var policy = RetryPolicy()

    /// Redirects of one request that are followed.
    private static let maximumRedirects = 5

    /// Sends a call until it is answered, and reads the answer.
    ///
    /// - Parameter read: called again where the answer breaks off. It reads the whole body, or abandons it.
    /// - Throws: `RuntimeError`, which names the registry, what was tried, what came back and what to do.
    func send<T: Sendable>(
        _ call: RegistryCall, _ read: @Sendable (HTTPAnswer) async throws -> T
    ) async throws -> T {
        var attempt = 1
        while true {
            do {
                return try await once(call, read)
            } catch let failure as RegistryFailure {
                if case .status(let status, _, _) = failure.cause, call.refusals.contains(status) { throw failure }
                try await pause(after: failure, of: call, attempt: attempt)
                attempt += 1
            }
        }
    }

    /// As `send`, for a call whose answer has no body of interest.
    @discardableResult
    func send(_ call: RegistryCall) async throws -> HTTPAnswer {
        try await send(call) { answer in
            await answer.discard()
            return answer
        }
    }

    /// Sends a call once.
    /// - Throws: `RegistryFailure`, besides what `read` throws.
    func once<T: Sendable>(_ call: RegistryCall, _ read: @Sendable (HTTPAnswer) async throws -> T) async throws -> T {
        do {
            return try await read(try await admitted(call))
        } catch let failure as HTTPFailure {
            throw RegistryFailure(cause: .http(failure), line: call.request.line, registry: endpoint.registry)
        }
    }

    /// Waits before the next attempt.
    /// - Throws: what the call ends with, where there is to be none.
    func pause(after failure: RegistryFailure, of call: RegistryCall, attempt: Int) async throws {
        let delay = policy.delay(after: failure.outcome, attempt: attempt, random: .random(in: 0...1))
        guard let delay, call.request.body.isReplayable else { throw error(failure, call.purpose, attempts: attempt) }
        let seconds = (delay * 10).rounded() / 10
        world.events.note("\(failure.reason); trying again in \(seconds) s")
        try await world.clock.sleep(.milliseconds(Int(delay * 1000)))
    }

    func error(_ failure: RegistryFailure, _ purpose: String, attempts: Int) -> RuntimeError {
        let tries = attempts > 1 ? ", \(attempts) times" : ""
        return RuntimeError(
            .world, .registryFailed(purpose, reason: failure.reason + tries, remedy: RegistryRemedy.text(failure)))
    }

    // MARK: - Being let in

    /// Sends it with what is known, and once more where the registry then says how it wants to be asked.
    private func admitted(_ call: RegistryCall) async throws -> HTTPAnswer {
        var authorization = try await self.authorization(call.scopes)
        while true {
            let answer = try await redirected(call, authorization?.field)
            if call.isAnswer(answer.status) { return answer }
            if answer.status == 401, authorization?.isFresh != true, call.request.body.isReplayable {
                let challenges = AuthChallenge.parse(answer.fields.all("WWW-Authenticate"))
                if let key = authorization?.key { await world.registries.drop(key) }
                if let next = try await self.answer(to: challenges, call.scopes) {
                    await answer.discard()
                    authorization = next
                    continue
                }
            }
            if answer.status == 401, let key = authorization?.key { await world.registries.drop(key) }
            throw await failure(answer, call.request)
        }
    }

    private func failure(_ answer: HTTPAnswer, _ request: HTTPRequest) async -> RegistryFailure {
        let body = (try? await answer.bytes(limit: RegistryErrorBody.limit)) ?? []
        let wait = answer.fields["Retry-After"].flatMap { RetryPolicy.seconds($0, now: world.clock.now()) }
        return RegistryFailure(
            cause: .status(answer.status, RegistryErrorBody(body), retryAfter: wait), line: request.line,
            registry: endpoint.registry)
    }

    // MARK: - Redirects

    private func redirected(_ call: RegistryCall, _ authorization: Secret?) async throws -> HTTPAnswer {
        var request = call.request
        request.fields["User-Agent"] = "relsh"
        for _ in 0...Self.maximumRedirects {
            // Blobs are often served by another host, which has no business with this one's credentials.
            let isHome = request.url.origin == endpoint.address.origin
            request.fields["Authorization"] = isHome ? authorization?.text : nil
            let answer = try await sent(request, outlivesCancelling: call.outlivesCancelling)
            guard [301, 302, 303, 307, 308].contains(answer.status), ["GET", "HEAD"].contains(request.method),
                let location = answer.fields["Location"]
            else { return answer }
            await answer.discard()
            guard let url = request.url.resolving(location) else {
                throw HTTPFailure(.malformed, "it redirects to what is no address")
            }
            if request.url.scheme == "https", url.scheme == "http" {
                throw HTTPFailure(.encryption, "it redirects from https to \(url.shown), which is not encrypted")
            }
            request.url = url
        }
        throw HTTPFailure(.malformed, "it redirects more than \(Self.maximumRedirects) times")
    }

    private func sent(_ request: HTTPRequest, outlivesCancelling: Bool) async throws -> HTTPAnswer {
        guard outlivesCancelling else { return try await world.http.send(request) }
        try Task.checkCancellation()
        // A task of its own is not cancelled with this one; a registry that is silent ends it.
        let result = await Task(executorPreference: LoopExecutor.current) { try await world.http.send(request) }.result
        await world.registries.note(request.url, mayYetBeDone: Self.mayYetBeDone(result))
        return try result.get()
    }

    /// Whether a request may still be done, after what came back; nil where that says nothing of an earlier attempt.
    private static func mayYetBeDone(_ result: Result<HTTPAnswer, any Error>) -> Bool? {
        switch result {
        // Said by whoever stands before the registry, and does not know either.
        case .success(let answer) where [408, 502, 504].contains(answer.status): true
        case .success(let answer): (200..<300).contains(answer.status) ? false : nil
        case .failure(let error): (error as? HTTPFailure)?.kind == .timeout ? true : nil
        }
    }
}
