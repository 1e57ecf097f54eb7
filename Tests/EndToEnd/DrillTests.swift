import Testing

extension EndToEnd {
    /// relsh is killed at points of a release, resumed, and everything must be as if nothing had happened. `make drill` goes
    /// through all points, which takes some minutes; otherwise a few stand for them.
    @Suite("A release that is killed")
    struct Drills {
        static let points = ["before-intent", "after-intent", "after-effect"]
        /// The changes that the release below makes.
        static let changes = 9

        static let drills: [String] =
            if Host.environment["RELSH_DRILL_ALL"] != nil {
                (1...changes).flatMap { number in points.map { "\(number):\($0)" } }
            } else {
                ["1:before-intent", "4:after-intent", "8:after-intent", "9:after-effect"]
            }

        private static let release = [
            "docker_release_all", "--version", "1.0.0", "--no-slow-tests", "--no-superslow-tests", "--no-qa-tests",
        ]

        @Test("goes on where it was, and nothing differs", arguments: drills)
        func drill(_ point: String) async throws {
            let project = try await SampleProject()
            let killed = try await project.start(Self.release, environment: ["RELSH_DRILL": point]).wait()
            #expect(killed.signal == 9, "\(killed)")
            let runs = try await project.relsh("runs").expect(0, "died")
            #expect(runs.stdout.contains("#1"))
            try await project.relsh("resume").expect(0)

            let state = try await project.state()
            let local = try await project.local()
            try await project.expectEverywhere(["dev-1.0.0": "dev", "prod-1.0.0": "prod"])
            #expect(state.remoteTags["hello-service-1.0.0"] == state.head)
            #expect(state.status == "")
            try await project.expectNoContainers()
            // What an undisturbed release finds is what it would have made: it changes nothing.
            try await project.start(Self.release).wait().expect(0)
            #expect(try await project.state() == state)
            #expect(try await project.local() == local)
            try await project.relsh("show", "1").expect(0, "2 attempts", "succeeded")
        }

        @Test("has been killed at every change once that many have been")
        func count() async throws {
            let project = try await SampleProject()
            let point = "\(Self.changes + 1):before-intent"
            try await project.start(Self.release, environment: ["RELSH_DRILL": point]).wait().expect(0)
        }
    }
}
