import Lang

/// Lists the tags of a repository over HTTP. Docker's tools have no command for it, so curl does it; what must stay
/// hidden goes to curl by standard input.
struct TagList: Sendable {
    let image: ImageReference
    let world: World

    /// Registries hand out long lists in pages; more than this many pages is not believed.
    private static let maximumPages = 1000

    func read() async throws -> [String] {
        var credentials = try await self.credentials()
        var url = "\(origin)/v2/\(image.repository)/tags/list?n=1000"
        var tags: [String] = []
        for _ in 0..<Self.maximumPages {
            var answer = try await get(url, credentials)
            if answer.status == 401, let challenge = BearerChallenge(answer.challenge) {
                credentials = Secret(
                    "header = \"Authorization: Bearer \(try await token(challenge, credentials))\"", source: "token")
                answer = try await get(url, credentials)
            }
            if answer.status == 404 { return [] }
            guard answer.status == 200 else { throw failure("it answered \(answer.status)", answer) }
            let json = try JSON.read(answer.body, from: "GET \(url)")
            tags += (json["tags"]?.list ?? []).compactMap(\.text)
            guard let next = answer.nextPage else { return tags }
            url = next.hasPrefix("/") ? origin + next : next
            // Another host has no business with this one's credentials.
            guard url.hasPrefix(origin + "/") else { throw failure("its next page is on another host: \(url)", answer) }
        }
        return tags
    }

    /// Docker speaks plain HTTP to this machine only, and so does this.
    private var origin: String {
        let name = image.registry.prefix { $0 != ":" }
        let isLocal = name == "localhost" || name.hasPrefix("127.") && name.allSatisfy { $0.isNumber || $0 == "." }
        let host = image.registry == "docker.io" ? "registry-1.docker.io" : image.registry
        return "\(isLocal ? "http" : "https")://\(host)"
    }

    // MARK: - Credentials

    /// A line of curl's configuration, for the project's registry that the image is in.
    private func credentials() async throws -> Secret? {
        guard let project = try? await world.project.load() else { return nil }
        guard let registry = project.registries.first(where: { image.name.hasPrefix($0.base + "/") }) else {
            return nil
        }
        let login = DockerLogin(registry: registry)
        switch registry.login {
        case "password":
            let password = try login.password(in: world)
            return Secret(user(registry.username ?? "", password.text), source: password.source)
        case "ecr":
            let password = try await Command.run(login.ecrPasswordCommand(), in: world, quiet: true).stdout.trimmed
            return Secret(user("AWS", password), source: "aws ecr get-login-password")
        default: return nil
        }
    }

    private func user(_ name: String, _ password: String) -> String { "user = \(Self.quoted("\(name):\(password)"))" }

    private func token(_ challenge: BearerChallenge, _ credentials: Secret?) async throws -> String {
        let answer = try await get(challenge.url(scope: "repository:\(image.repository):pull"), credentials)
        let json = try? JSON.parse(answer.body)
        guard answer.status == 200, let token = json?["token"]?.text ?? json?["access_token"]?.text else {
            throw failure("it refused to hand out a token (\(answer.status))", answer)
        }
        return token
    }

    // MARK: - curl

    private struct Answer {
        let status: Int
        let challenge: String
        let nextPage: String?
        let body: String
        let output: String
    }

    private static let marker = "relsh-answer:"

    private func get(_ url: String, _ credentials: Secret?) async throws -> Answer {
        let format = "\\n\(Self.marker)%{http_code}\\n%header{www-authenticate}\\n%header{link}"
        let words = ["curl", "--silent", "--show-error", "--max-time", "60", "--write-out", format, "--config", "-"]
        let config = "url = \(Self.quoted(url))\n" + (credentials.map { $0.text + "\n" } ?? "")
        let input: ProcessOptions.Input =
            credentials.map { .secret(Secret(config, source: $0.source)) } ?? .text(config)
        let outcome: ProcessOutcome
        do {
            outcome = try await Command.run(words, in: world, check: false, quiet: true, input: input)
        } catch let error as RuntimeError where error.id == "program-not-found" {
            throw RuntimeError(.world, .curlMissing(image.registry))
        }
        guard outcome.exitCode == 0, let split = outcome.stdout.range(of: "\n" + Self.marker) else {
            let reason = Docker.reason(in: outcome.stderr)
            throw RuntimeError(
                .world,
                .registryFailed(
                    "list the tags of \(image.name)", reason: reason, remedy: DockerProblem.noConnection.remedy))
        }
        let head = outcome.stdout[split.upperBound...].split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)
        return Answer(
            status: Int(head.first ?? "") ?? 0, challenge: head.count > 1 ? head[1] : "",
            nextPage: head.count > 2 ? Self.next(in: head[2]) : nil,
            body: String(outcome.stdout[..<split.lowerBound]), output: outcome.stdout)
    }

    /// `</v2/app/tags/list?last=…>; rel="next"`
    private static func next(in link: String) -> String? {
        guard link.contains("rel=\"next\""), let start = link.firstIndex(of: "<"), let end = link.firstIndex(of: ">"),
            start < end
        else { return nil }
        return String(link[link.index(after: start)..<end])
    }

    private func failure(_ reason: String, _ answer: Answer) -> RuntimeError {
        let remedy = [401, 403].contains(answer.status) ? DockerProblem.unauthorised.remedy : nil
        return RuntimeError(.world, .registryFailed("list the tags of \(image.name)", reason: reason, remedy: remedy))
    }

    /// As curl's configuration wants it.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            if scalar == "\n" { quoted += "\\n" } else { quoted.unicodeScalars.append(scalar) }
        }
        return quoted + "\""
    }
}

/// `Bearer realm="https://…",service="…"`: where a registry says to fetch a token.
private struct BearerChallenge {
    let realm: String
    let service: String?

    init?(_ header: String) {
        guard header.lowercased().hasPrefix("bearer ") else { return nil }
        var values: [String: String] = [:]
        for part in header.dropFirst(7).split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
            if pair.count == 2 { values[pair[0].lowercased()] = String(pair[1].filter { $0 != "\"" }) }
        }
        guard let realm = values["realm"] else { return nil }
        self.realm = realm
        service = values["service"]
    }

    func url(scope: String) -> String {
        let service = service.map { "service=\($0)&" } ?? ""
        return "\(realm)\(realm.contains("?") ? "&" : "?")\(service)scope=\(scope)"
    }
}

extension String {
    /// The first occurrence, without Foundation.
    fileprivate func range(of other: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
            start = index(after: start)
        }
        return nil
    }
}
