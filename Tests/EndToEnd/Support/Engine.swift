import Glibc

/// The engine and the registries that `scripts/engine.sh up` makes sure of.
struct Engine: Sendable {
    /// One of the three registries.
    struct Registry: Sendable {
        let name: String
        /// `127.0.0.1:5001`
        let address: String
        /// A line of curl's configuration; the password goes to curl by standard input.
        let login: String
    }

    let registries: [Registry]
    let token: String

    /// Fails where the environment does not know of them: no test is passed over.
    init() throws {
        var missing: [String] = []
        func variable(_ name: String) -> String {
            guard let value = Host.environment[name], !value.isEmpty else {
                missing.append(name)
                return ""
            }
            return value
        }
        let addresses = ["RELSH_ECR", "RELSH_DOCKERHUB", "RELSH_GHCR"].map(variable)
        let user = variable("GHCR_USERNAME")
        token = variable("GHCR_TOKEN")
        guard missing.isEmpty else {
            throw SetUpFailure(
                "this test needs a Docker Engine and three registries, but \(missing.joined(separator: ", ")) "
                    + "is not set: run `scripts/engine.sh up`, then `eval \"$(scripts/engine.sh env)\"`")
        }
        let login = "user = \"\(user):\(token)\"\n"
        registries = zip(["ecr", "dockerhub", "ghcr"], addresses).map { name, address in
            Registry(name: name, address: address, login: name == "ghcr" ? login : "")
        }
    }

    func stopRegistry(_ name: String) async throws {
        try await Host.run("\(Host.root)/scripts/engine.sh", "stop-registry", name)
    }

    /// Tried again where it fails: every other test needs it.
    func startRegistry(_ name: String) async throws {
        for _ in 0..<3 where (try? await Host.run("\(Host.root)/scripts/engine.sh", "start-registry", name)) != nil {
            return
        }
        try await Host.run("\(Host.root)/scripts/engine.sh", "start-registry", name)
    }
}

extension Engine.Registry {
    /// What the tags of a repository stand for.
    func digests(of repository: String) async throws -> [String: String] {
        let list = try await curl("url = \"http://\(address)/v2/\(repository)/tags/list\"\n")
        guard let start = list.firstRange(of: "\"tags\":["), let end = list[start.upperBound...].firstIndex(of: "]")
        else {
            return [:]
        }
        let tags = list[start.upperBound..<end].split(separator: ",").map { $0.filter { $0 != "\"" } }.sorted()
        if tags.isEmpty { return [:] }
        let types = [
            "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
        ]
        let heads = tags.map {
            "url = \"http://\(address)/v2/\(repository)/manifests/\($0)\"\noutput = \"/dev/null\"\n"
        }
        let answers = try await curl(
            "head\nheader = \"Accept: \(types.joined(separator: ", "))\"\n"
                + "write-out = \"%header{docker-content-digest}\\n\"\n" + heads.joined())
        let digests = answers.split(separator: "\n").map(String.init)
        guard digests.count == tags.count else { throw SetUpFailure("\(address) answered \(answers) for \(tags)") }
        return Dictionary(uniqueKeysWithValues: zip(tags, digests))
    }

    private func curl(_ configuration: String) async throws -> String {
        try await Host.run(
            "curl", "--silent", "--show-error", "--noproxy", "*", "--max-time", "10", "--config", "-",
            input: login + configuration)
    }
}
