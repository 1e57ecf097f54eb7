import Lang

/// The engine's own interface (Docker Engine API, `GET /images/NAME/json`) for what is asked again and again, so that no program has
/// to be started for it. Whatever is not answered plainly there is asked through the command, which knows contexts, other machines
/// and how to explain what is wrong.
struct EngineSocket: Sendable {
    private let path: String

    /// The socket that the docker command would use. Nil where that is another machine, or a context tells.
    init?(of world: World) {
        guard world.asksEngine else { return nil }
        func value(_ name: String) -> String? { world.environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if value("DOCKER_CONTEXT") != nil { return nil }
        if let host = value("DOCKER_HOST") {
            guard host.hasPrefix("unix:///") else { return nil }
            path = String(host.dropFirst("unix://".count))
            return
        }
        let config = DockerConfig.paths(world.environment).first
        let text = config.flatMap { try? world.files.read($0) }.map { String(decoding: $0, as: UTF8.self) }
        // What cannot be read is docker's to complain of.
        let settings = text.map { try? JSON.read($0, from: "docker's config.json") }
        if let settings, settings == nil { return nil }
        let context = settings??["currentContext"]?.text ?? ""
        guard context.isEmpty || context == "default" else { return nil }
        path = "/var/run/docker.sock"
    }

    enum Answer: Sendable, Hashable {
        case found(Digest)
        case absent
        /// Nothing that says either.
        case unclear
    }

    /// Looks up the id of an image by its name, digest or both.
    func id(of name: String, in world: World) async throws -> Answer {
        let request = HTTPRequest("GET", WebAddress(socket: path, path: "/images/\(name)/json"))
        do {
            let answer = try await world.http.send(request)
            let body = try await answer.bytes(limit: 4 << 20)
            if answer.status == 404 { return .absent }
            guard answer.status == 200 else { return .unclear }
            let text = String(decoding: body, as: UTF8.self)
            return try JSON.read(text, from: request.line)["Id"]?.text.map { .found(try Digest(parsing: $0)) }
                ?? .unclear
        } catch {
            if Task.isCancelled { throw error }
            return .unclear
        }
    }
}
