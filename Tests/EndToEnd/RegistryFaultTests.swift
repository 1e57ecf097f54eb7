import Testing

extension EndToEnd {
    @Suite("Registries in trouble")
    struct RegistryFaults {
        /// One registry to copy from and one to copy to.
        private struct Pair {
            let source: OwnRegistry
            let target: OwnRegistry
            let digest: String

            init(layers: Int = 2, bytes: Int = 1_500_000) async throws {
                source = try await OwnRegistry()
                target = try await OwnRegistry()
                digest = try await source.seed("team/app", "1", layers: layers, bytes: bytes)
            }

            /// Copies, and looks at what the target has then.
            func copy(
                from: String? = nil, to: String? = nil, environment: [String: String] = [:]
            ) async throws -> Finished {
                let names = ["\(from ?? source.address)/team/app:1", "\(to ?? target.address)/mirror/app:1"]
                let call = "registry.copy(Image(\"\(names[0])\"), to: [Image(\"\(names[1])\")])"
                return try await Host.relsh(
                    ["-e", call], environment: Host.clean.merging(environment) { $1 }, limit: .seconds(120))
            }

            func expectCopied() async throws {
                #expect(try await target.registry.digests(of: "mirror/app") == ["1": digest])
            }

            func expectNothing() async throws {
                #expect(try await target.registry.digests(of: "mirror/app") == [:])
            }
        }

        @Test(
            "What may pass is tried again at the target",
            arguments: [
                "POST:/uploads/:wait=1:2", "HEAD:/manifests/:status=500:1", "HEAD:/blobs/:status=502:2",
                "POST:/uploads/:status=503:2", "PATCH:/uploads/:status=504:2", "PUT:/manifests/:status=500:3",
                "PATCH:/uploads/:after=1:1", "PATCH:/uploads/:after=1400000:2", "PATCH:/uploads/:lose:1",
                "PUT:/manifests/:lose:2",
                "GET:/uploads/:status=503:1",
            ])
        func target(rule: String) async throws {
            let pair = try await Pair()
            // How far an upload came is asked only once something else went wrong.
            let rules = rule.hasPrefix("GET:/uploads/") ? [rule, "PATCH:/uploads/:after=700000:1"] : [rule]
            let proxy = try await FaultProxy(before: pair.target.address, rules)
            try await pair.copy(to: proxy.address).expect(0, pair.digest, "trying again in")
            try await pair.expectCopied()
        }

        @Test(
            "What may pass is tried again at the source",
            arguments: [
                "GET:/manifests/:status=503:2", "GET:/manifests/:wait=1:1", "GET:/manifests/:cut=20:1",
                "GET:/manifests/:end=20:1", "GET:/blobs/:status=500:2", "GET:/blobs/:cut=0:1", "GET:/blobs/:cut=1:2",
                "GET:/blobs/:cut=1400000:3", "GET:/blobs/:end=1400000:3", "GET:/blobs/:lose:2",
            ])
        func source(rule: String) async throws {
            let pair = try await Pair()
            let proxy = try await FaultProxy(before: pair.source.address, [rule])
            try await pair.copy(from: proxy.address).expect(0, pair.digest, "trying again in")
            try await pair.expectCopied()
        }

        @Test(
            "What is lost on a connection that was kept is asked again at once",
            arguments: ["POST:/uploads/:lose:1", "PUT:/uploads/:lose:1", "HEAD:/blobs/:cut=0:1"])
        func lost(rule: String) async throws {
            let pair = try await Pair()
            let proxy = try await FaultProxy(before: pair.target.address, [rule])
            try await pair.copy(to: proxy.address).expect(0, pair.digest)
            try await pair.expectCopied()
        }

        @Test("A broken upload that the registry has forgotten begins again, alone")
        func resumed() async throws {
            let pair = try await Pair(layers: 1, bytes: 4_000_000)
            let target = try await FaultProxy(before: pair.target.address, ["PATCH:/uploads/:after=3000000:1"])
            let source = try await FaultProxy(before: pair.source.address, [])
            try await pair.copy(from: source.address, to: target.address).expect(0, "trying again in")
            try await pair.expectCopied()
            #expect(target.requests.count { $0.hasPrefix("PATCH ") } == 2)
            #expect(target.requests.count { $0.hasPrefix("GET ") && $0.contains("/uploads/") } == 1)
            // This registry forgets what broke off; others do not, which the unit tests look at.
            #expect(target.requests.count { $0.hasPrefix("POST ") } == 3, "one for each blob, and one again")
            #expect(source.requests.count { $0.hasPrefix("GET ") && $0.contains("/blobs/") } == 3)
        }

        @Test(
            "A slow link is waited for, both ways",
            arguments: ["GET:/blobs/:slow=30000:9", "PATCH:/uploads/:pace=30000:9"])
        func slow(rule: String) async throws {
            let pair = try await Pair()
            let isSource = rule.hasPrefix("GET")
            let proxy = try await FaultProxy(before: (isSource ? pair.source : pair.target).address, [rule])
            try await pair.copy(from: isSource ? proxy.address : nil, to: isSource ? nil : proxy.address)
                .expect(0, pair.digest).expectNot("trying again")
            try await pair.expectCopied()
        }

        @Test("A proxy that takes no large bodies gets small ones")
        func limit() async throws {
            let pair = try await Pair(layers: 2, bytes: 3_000_000)
            let proxy = try await FaultProxy(before: pair.target.address, ["PATCH:/uploads/:limit=1200000:99"])
            try await pair.copy(to: proxy.address).expect(0, pair.digest)
            try await pair.expectCopied()
            #expect(proxy.requests.count { $0.hasPrefix("PATCH ") } >= 2 * 3 + 2)
        }

        @Test(
            "What is refused is not repeated",
            arguments: [
                ("POST:/uploads/:status=401:99", "answered 401", "log in to"),
                ("POST:/uploads/:status=403:99", "answered 403", "log in to"),
                ("POST:/uploads/:status=404:99", "answered 404", "check the name"),
                ("PUT:/manifests/:status=403:99", "answered 403", "log in to"),
                ("PATCH:/uploads/:status=403:99", "answered 403", "log in to"),
            ])
        func refused(rule: String, reason: String, help: String) async throws {
            let pair = try await Pair()
            let proxy = try await FaultProxy(before: pair.target.address, [rule])
            try await pair.copy(to: proxy.address).expect(1, reason, help, proxy.address).expectNot("trying again")
            try await pair.expectNothing()
        }

        @Test("Trouble that does not pass is told, with what to do")
        func lasting() async throws {
            let pair = try await Pair()
            let proxy = try await FaultProxy(before: pair.target.address, ["HEAD:/manifests/:wait=1000:99"])
            try await pair.copy(to: proxy.address).expect(1, "answered 429", "wait 1000 s").expectNot("trying again")
            try await pair.expectNothing()
            let missing = try await Host.relsh(
                "-e",
                "registry.copy(Image(\"\(pair.source.address)/team/app:none\"), to: [Image(\"\(pair.target.address)/x:1\")])"
            )
            missing.expect(1, "team/app:none is not in its registry")
        }

        @Test(
            "What is damaged or is something else is not passed on",
            arguments: ["GET:/blobs/:flip:99", "GET:/manifests/:flip:99", "GET:/manifests/:lie:99"])
        func damaged(rule: String) async throws {
            let pair = try await Pair()
            let proxy = try await FaultProxy(before: pair.source.address, [rule])
            try await pair.copy(from: proxy.address).expect(1, "should have the digest")
            try await pair.expectNothing()
        }

        @Test("A target that tells another digest is not believed", arguments: ["PUT", "HEAD"])
        func lyingTarget(method: String) async throws {
            let pair = try await Pair()
            let proxy = try await FaultProxy(
                before: pair.target.address, ["\(method):/manifests/1$:lie:99"])
            let run = try await pair.copy(to: proxy.address)
            run.expect(1, "should have the digest \(pair.digest)")
        }
    }
}
