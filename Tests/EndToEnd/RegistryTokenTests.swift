import Testing

extension EndToEnd {
    @Suite("Registries that ask for a token")
    struct RegistryTokens {
        private static let password = "pa55-of-the-tests"

        /// A source that is open, and a target that wants a token of the server.
        private struct Guarded {
            let source: OwnRegistry
            let target: OwnRegistry
            let tokens: ScriptServer
            let digest: String
            let configuration: String

            /// - Parameters:
            ///   - life: how long a token is good for, in seconds.
            ///   - claimed: how long it says that it is.
            init(life: Double = 300, claimed: Int = 300, password: String = RegistryTokens.password, bytes: Int)
                async throws
            {
                let directory = TemporaryFiles.newDirectory("tokens")
                tokens = try await ScriptServer(
                    "token-server.py", [directory, "ci", RegistryTokens.password, "\(life)", "\(claimed)"])
                source = try await OwnRegistry()
                target = try await OwnRegistry(
                    "auth: {token: {realm: \"http://\(tokens.address)/token\", service: registry, issuer: tests, rootcertbundle: \"\(directory)/token.crt\"}}"
                )
                digest = try await source.seed("team/app", "1", layers: 1, bytes: bytes)
                configuration = TemporaryFiles.newDirectory("config")
            }

            /// - Parameter address: of the target, as relsh is to see it.
            func copy(to address: String, password: String = RegistryTokens.password) async throws -> Finished {
                let login = "{\"auths\": {\"\(address)\": {\"username\": \"ci\", \"password\": \"\(password)\"}}}"
                try writeFile(configuration + "/config.json", login)
                let call =
                    "let image = registry.copy(Image(\"\(source.address)/team/app:1\"), to: [Image(\"\(address)/team/app:1\")])\nprint(image, registry.digest(\"\(address)/team/app:1\") == image)"
                return try await Host.relsh(
                    ["-e", call], environment: Host.clean.merging(["DOCKER_CONFIG": configuration]) { $1 },
                    limit: .seconds(120))
            }
        }

        @Test("A token is asked for once for each scope, and never shown")
        func token() async throws {
            let guarded = try await Guarded(bytes: 3_000_000)
            let run = try await guarded.copy(to: guarded.target.address)
            run.expect(0, "\(guarded.digest) true").expectNot(Self.password)
            #expect(guarded.tokens.lines.sorted() == ["repository:team/app:pull", "repository:team/app:pull,push"])
        }

        @Test("A wrong password is told at once, and not shown")
        func wrongPassword() async throws {
            let guarded = try await Guarded(bytes: 3000)
            let run = try await guarded.copy(to: guarded.target.address, password: "wr0ng-one")
            run.expect(1, "cannot get a token for", "answered 401", "docker's config.json").expectNot(
                "wr0ng-one", "trying again")
            #expect(guarded.tokens.lines == [])
        }

        @Test("A token that ends during a long upload is renewed, and the upload goes on")
        func renewal() async throws {
            // Tokens that are good for two seconds and say more; an upload that takes four, and then breaks off.
            let guarded = try await Guarded(life: 2, claimed: 300, bytes: 4_000_000)
            let slow = try await FaultProxy(before: guarded.target.address, ["PATCH:/uploads/:pace=10000:2"])
            let broken = try await FaultProxy(before: slow.address, ["PATCH:/uploads/:after=3000000:1"])
            try await guarded.copy(to: broken.address).expect(0, "\(guarded.digest) true")
            // A second one is only asked for where the first was refused.
            let pushes = guarded.tokens.lines.count { $0.hasSuffix("pull,push") }
            #expect(pushes >= 2, "\(guarded.tokens.lines)")
        }
    }
}
