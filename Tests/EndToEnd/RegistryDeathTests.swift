import Testing

extension EndToEnd {
    @Suite("A registry that dies during a publication")
    struct RegistryDeaths {
        /// When the third of three registries is killed. What a tag stands for is looked up once before it moves: to be able
        /// to take it back, and to refuse versions that are out.
        enum Moment: String, CaseIterable, Sendable {
            case before = "HEAD:/manifests/:die=PID:1"
            case whileContentComes = "PATCH:/uploads/:die=PID:1"
            case afterContentCame = "PUT:/manifests/sha256:last=PID:1"
            case atItsVersion = "PUT:/manifests/dev-2.0.0$:die=PID:1"
            case atItsReadBack = "HEAD:/manifests/dev-2.0.0$:die=PID:1:1"
            /// Nothing is asked of it between this and the read-back of its version.
            case betweenThePhases = "PUT:/manifests/dev$:die=PID:1"
            case onceItsTagHasMoved = "PUT:/manifests/dev$:last=PID:1"
            case atTheReadBackOfItsTag = "HEAD:/manifests/dev$:die=PID:1:1"

            /// Nobody can know whether its tag has moved.
            var isTooLate: Bool {
                switch self {
                case .before, .whileContentComes, .afterContentCame, .atItsVersion, .atItsReadBack: false
                case .betweenThePhases, .onceItsTagHasMoved, .atTheReadBackOfItsTag: true
                }
            }
        }

        @Test("The moving tags stay together, or one command puts them together", arguments: Moment.allCases)
        func deaths(moment: Moment) async throws {
            let (project, proxy) = try await ThreeRegistries.make([moment.rawValue])
            let failed = try await project.publish()
            failed.expect(moment.isTooLate ? 3 : 1, project.addresses[2])
            let revived = try await project.revive(proxy)
            let (old, new) = (project.old, project.new)
            let found = try await project.digests()
            #expect(found[0] == old && found[1] == old, "those that answer should be as before: \(failed)")
            if moment.isTooLate {
                let name = "\(project.addresses[2])/\(ThreeRegistries.repository):dev"
                let command =
                    "relsh -e 'registry.retag(Image(\"\(project.addresses[2])/\(ThreeRegistries.repository)@\(old)\"), Image(\"\(name)\"))'"
                failed.expect(3, "NOT put back", "three: \(name) should be \(old)", "this completes it: \(command)")
                // Just as a person would copy it.
                let call = try #require(command.split(separator: "'").dropFirst().first)
                try await project.relsh(String(call)).expect(0)
            }
            #expect(try await project.digests() == [old, old, old])

            try await project.publish().expect(0)
            #expect(try await project.digests() == [new, new, new])
            #expect(try await project.digests(of: "dev-2.0.0") == [new, new, new])
            try await revived.stop()
        }

        @Test("A registry that is down from the start ends it before anything changes")
        func downFromTheStart() async throws {
            let (project, proxy) = try await ThreeRegistries.make([])
            try await project.registries[2].kill()
            try await proxy.stop()
            try await project.publish().expect(1, project.addresses[2], "connection refused")
            try await project.registries[2].start()
            #expect(try await project.digests() == [project.old, project.old, project.old])
            #expect(try await project.digests(of: "dev-2.0.0") == [nil, nil, nil])
        }

        @Test("An undo says that it waits for a registry, and is completed once that is back")
        func undo() async throws {
            let (project, proxy) = try await ThreeRegistries.make([])
            try await project.publish().expect(0)
            // The first was to give the registries what they have.
            let run = "2"
            try await project.registries[2].kill()
            try await project.run(["undo", run]).expect(3, "trying again in", "this completes it")
            let revived = try await project.revive(proxy)
            try await project.run(["undo", run]).expect(0)
            #expect(try await project.digests() == [project.old, project.old, project.old])
            try await revived.stop()
        }

        @Test("A new tag of which nobody knows whether it is there is deleted by the command")
        func newTag() async throws {
            let (project, proxy) = try await ThreeRegistries.make(["PUT:/manifests/prod$:last=PID:1"])
            let failed = try await project.publish(tags: ["prod"])
            let call = "registry.delete(Image(\"\(project.addresses[2])/\(ThreeRegistries.repository):prod\"))"
            failed.expect(3, "is gone again", "should be gone", "this completes it: relsh -e '\(call)'")
            let revived = try await project.revive(proxy)
            #expect(try await project.digests(of: "prod") == [nil, nil, project.new])
            try await project.relsh(call).expect(0)
            #expect(try await project.digests(of: "prod") == [nil, nil, nil])
            #expect(try await project.digests() == [project.old, project.old, project.old], "no other tag goes along")
            try await revived.stop()
        }
    }
}
