import Testing

extension EndToEnd {
    @Suite("Copies from registry to registry")
    struct Mirrors {
        /// Runs one expression in the project's directory.
        private func relsh(_ project: SampleProject, _ text: String) async throws -> Finished {
            try await project.relsh("-e", text)
        }

        private func copy(
            _ project: SampleProject, from address: String, _ suffix: String = "", to names: [String]
        ) -> String {
            let targets = names.map { "Image(\"\($0)\")" }.joined(separator: ", ")
            return "registry.copy(Image(\"\(address)/\(project.repository)\(suffix):dev\"), to: [\(targets)])"
        }

        /// A released project whose dev image is in a repository of the home registry, too, whose name the others have never
        /// heard of: else they would take it over from the one with the same name.
        private func unknownElsewhere() async throws -> SampleProject {
            let project = try await SampleProject.released()
            let home = project.engine.registries[0].address
            try await relsh(project, copy(project, from: home, to: ["\(home)/\(project.repository)-source:dev"]))
                .expect(0, "taken over")
            return project
        }

        @Test("An image goes to every registry without the engine; a second time nothing is sent")
        func mirror() async throws {
            let project = try await SampleProject.released()
            let dev = try #require(try await project.published()["ecr"]?["dev"])
            let names = project.engine.registries.map { "\($0.address)/\(project.repository)-copy:x" }
            try await relsh(project, copy(project, from: project.engine.registries[0].address, to: names))
                .expect(0, dev).expectNot(project.engine.token)
            for registry in project.engine.registries {
                #expect(try await registry.digests(of: project.repository + "-copy") == ["x": dev])
            }
            let again = try await relsh(project, copy(project, from: project.engine.registries[0].address, to: names))
            again.expect(0, dev, "had all of it").expectNot("written", "taken over")
        }

        @Test(
            "What goes wrong on the way is made good",
            arguments: [
                ["PATCH:/uploads/:after=700000:1"], ["PATCH:/uploads/:status=503:1"], ["POST:/uploads/:status=429:2"],
                ["PUT:/manifests/:status=502:1"], ["HEAD:/blobs/:status=500:2"],
            ])
        func faultsOfTheTarget(rules: [String]) async throws {
            let project = try await unknownElsewhere()
            let dev = try #require(try await project.published()["ecr"]?["dev"])
            let proxy = try await FaultProxy(before: project.engine.registries[1], rules[0])
            let name = "\(proxy.address)/\(project.repository)-fault:x"
            try await relsh(project, copy(project, from: project.engine.registries[0].address, "-source", to: [name]))
                .expect(0, dev, "trying again in")
            let found = try await project.engine.registries[1].digests(of: project.repository + "-fault")
            #expect(found == ["x": dev])
        }

        @Test("A source that breaks off is read on", arguments: ["cut=900000", "status=503"])
        func faultsOfTheSource(fault: String) async throws {
            let project = try await unknownElsewhere()
            let dev = try #require(try await project.published()["ecr"]?["dev"])
            let proxy = try await FaultProxy(before: project.engine.registries[0], "GET:/blobs/:\(fault):1")
            let name = "\(project.engine.registries[1].address)/\(project.repository)-cut:x"
            try await relsh(project, copy(project, from: proxy.address, "-source", to: [name])).expect(
                0, dev, "trying again in")
        }

        @Test("Damaged content is not passed on, and refusals are not repeated")
        func refusals() async throws {
            let project = try await unknownElsewhere()
            let target = project.engine.registries[1]
            let damaged = try await FaultProxy(before: project.engine.registries[0], "GET:/blobs/:flip:9")
            let name = "\(target.address)/\(project.repository)-bad:x"
            try await relsh(project, copy(project, from: damaged.address, "-source", to: [name])).expect(
                1, "should have the digest")
            #expect(try await target.digests(of: project.repository + "-bad") == [:])

            let forbidding = try await FaultProxy(before: target, "POST:/uploads/:status=403:99")
            let other = "\(forbidding.address)/\(project.repository)-no:x"
            let run = try await relsh(
                project, copy(project, from: project.engine.registries[0].address, "-source", to: [other]))
            run.expect(1, "answered 403", "log in to \(forbidding.address)").expectNot("trying again")
        }
    }
}
