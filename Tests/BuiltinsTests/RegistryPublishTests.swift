import Synchronization
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// An engine and registries that behave as the real ones were seen to: pushes keep the id as the digest, look-ups of
/// what is not there say so, and names can be told to fail.
private final class FakeRegistries: ProcessRunner {
    struct State {
        /// Name on this machine to id.
        var local: [String: String] = [:]
        /// Name in a registry to digest.
        var remote: [String: String] = [:]
        var lines: [String] = []
        /// Names that cannot be pushed.
        var failing: Set<String> = []
        var unreachable: Set<String> = []
    }

    let state = Mutex(State())

    var remote: [String: String] { state.withLock { $0.remote } }
    var lines: [String] { state.withLock { $0.lines } }

    func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        state.withLock { state in
            let words = stages[0].arguments
            let changes = !words.contains("inspect")
            if changes { state.lines.append(stages[0].line) }
            return answer(Array(words.dropFirst()), &state)
        }
    }

    private func answer(_ words: [String], _ state: inout State) -> ProcessOutcome {
        let name = words.last ?? ""
        switch words.first {
        case "image":
            if name.hasPrefix("sha256:") {
                return state.local.values.contains(name) ? ok(name) : failed("No such image: \(name)")
            }
            return state.local[name].map { ok($0) } ?? failed("No such image: \(name)")
        case "tag":
            state.local[name] = state.local[words[1]] ?? words[1].split(separator: "@").last.map(String.init) ?? ""
            return ok("")
        case "rmi":
            state.local[name] = nil
            return ok("")
        case "push":
            if state.failing.contains(name) { return failed("failed to do request: dial tcp: connection refused") }
            state.remote[name] = state.local[name]
            return ok("x: digest: \(state.local[name] ?? "") size: 1")
        case "buildx" where words[2] == "inspect":
            let wanted = words[3]
            if state.unreachable.contains(where: wanted.hasPrefix) { return failed("dial tcp: connection refused") }
            let found =
                wanted.split(separator: "@").count == 2
                ? wanted.split(separator: "@").last.map(String.init) : state.remote[wanted]
            guard let found else { return failed("ERROR: \(wanted): not found") }
            return ok("{\"digest\": \"\(found)\", \"mediaType\": \"application/vnd.oci.image.index.v1+json\"}")
        case "buildx" where words[2] == "create":
            state.remote[words[4]] = name.split(separator: "@").last.map(String.init)
            return ok("")
        default: return failed("the fake does not know \(words)")
        }
    }

    private func ok(_ text: String) -> ProcessOutcome { outcome(0, text, "") }
    private func failed(_ text: String) -> ProcessOutcome { outcome(1, "", text) }
    private func outcome(_ code: Int, _ stdout: String, _ stderr: String) -> ProcessOutcome {
        ProcessOutcome(
            exitCode: code, stdout: stdout, stderr: stderr, combined: stdout + stderr, duration: .zero, failedStage: nil
        )
    }
}

@Suite struct RegistryPublishTests {
    private let new = digest("1")
    private let old = digest("0")
    private let names = ["127.0.0.1:5001/team/hello", "kaizenflow/hello", "ghcr.io/team/hello"]

    private func registries(_ change: (inout FakeRegistries.State) -> Void = { _ in }) -> FakeRegistries {
        let fake = FakeRegistries()
        fake.state.withLock { state in
            state.local["app:local"] = new
            for name in names { state.remote["\(name):dev"] = old }
            change(&state)
        }
        return fake
    }

    private func publish(_ fake: FakeRegistries, overwrite: Bool = false) async throws -> Value {
        let world = projectWorld(fake)
        let image = try ImageReference(parsing: "app:local@\(new)").value
        return try await builtin("registry.publish").call(
            image, try project().registries.value, ["dev-1.2.0", "dev"], overwrite.value, in: world)
    }

    @Test func versionsGoEverywhereBeforeAnyTagMoves() async throws {
        let fake = registries()
        let result = try await publish(fake)
        for name in names {
            #expect(fake.remote["\(name):dev-1.2.0"] == new)
            #expect(fake.remote["\(name):dev"] == new)
        }
        let lastVersion = try #require(
            fake.lines.lastIndex { $0.hasPrefix("docker push") && $0.hasSuffix("dev-1.2.0") })
        let firstMove = try #require(fake.lines.firstIndex { $0.hasPrefix("docker push") && $0.hasSuffix(":dev") })
        #expect(lastVersion < firstMove)
        let ghcr = result.asMap?["ghcr"]?.asMap?["dev"]?.literal
        #expect(ghcr == "{from: Digest(\"\(old)\"), to: Digest(\"\(new)\")}")
    }

    @Test func aFailingPushLeavesAllMovingTagsAlone() async throws {
        let fake = registries { $0.failing = ["ghcr.io/team/hello:dev-1.2.0"] }
        let error = await failure { try await publish(fake) }
        #expect(error?.id == "publish-failed")
        #expect(error?.message.contains("ghcr: docker could not push") == true)
        for name in names { #expect(fake.remote["\(name):dev"] == old) }
    }

    @Test func aFailingMoveIsUndoneEverywhere() async throws {
        let fake = registries { $0.failing = ["ghcr.io/team/hello:dev"] }
        let error = await failure { try await publish(fake) }
        #expect(error?.id == "flip-failed")
        #expect(error?.exitCode == nil)
        for name in names {
            #expect(fake.remote["\(name):dev"] == old)
            #expect(fake.remote["\(name):dev-1.2.0"] == new)
            #expect(fake.state.withLock { $0.local["\(name):dev"] } == nil)
        }
    }

    @Test func aMoveThatWasNotThereBeforeIsReported() async throws {
        let fake = registries { state in
            state.failing = ["ghcr.io/team/hello:dev"]
            state.remote["kaizenflow/hello:dev"] = nil
        }
        let error = await failure { try await publish(fake) }
        #expect(error?.message.contains("left behind") == true)
        #expect(error?.message.contains("dockerhub.kaizenflow: kaizenflow/hello:dev") == true)
        #expect(fake.remote["127.0.0.1:5001/team/hello:dev"] == old)
    }

    @Test func aReleasedVersionIsNotChanged() async throws {
        let fake = registries { $0.remote["ghcr.io/team/hello:dev-1.2.0"] = old }
        // The registries list one manifest here, so that nothing but the digest can make them the same.
        let error = await failure { try await publish(fake) }
        #expect(error?.id == "version-taken")
        #expect(error?.message.contains("ghcr.io/team/hello:dev-1.2.0 is \(old), not \(new)") == true)
        #expect(fake.lines.isEmpty)
        _ = try await publish(fake, overwrite: true)
        #expect(fake.remote["ghcr.io/team/hello:dev-1.2.0"] == new)
    }

    @Test func aRerunIsAccepted() async throws {
        let fake = registries()
        _ = try await publish(fake)
        let before = fake.lines.count
        _ = try await publish(fake)
        #expect(fake.lines.count == before)
    }

    @Test func aRegistryThatCannotBeReadEndsItBeforeAnythingChanges() async throws {
        let fake = registries { $0.unreachable = ["ghcr.io/"] }
        let error = await failure { try await publish(fake) }
        #expect(error?.id == "registry-failed")
        #expect(fake.lines.isEmpty)
    }

    @Test func aDryRunShowsTheCommands() async throws {
        let world = projectWorld(registries())
        let image = try ImageReference(parsing: "app:local@\(new)").value
        let registry = [try project().registries[0]].value
        let prepared = try builtin("registry.publish").prepared(image, registry, ["dev", "dev-1.2.0"])
        #expect(
            try await prepared.commands(world) == [
                "docker tag \(new) 127.0.0.1:5001/team/hello:dev-1.2.0",
                "docker push 127.0.0.1:5001/team/hello:dev-1.2.0",
                "docker tag \(new) 127.0.0.1:5001/team/hello:dev", "docker push 127.0.0.1:5001/team/hello:dev",
            ])
    }

    @Test func retagKeepsTheDigest() async throws {
        let fake = registries { $0.remote["ghcr.io/team/hello:dev-1.1.0"] = new }
        let world = projectWorld(fake)
        let result = try await builtin("registry.retag").call(
            "ghcr.io/team/hello:dev-1.1.0", "ghcr.io/team/hello:dev", in: world)
        #expect(result.literal == "Digest(\"\(new)\")")
        #expect(
            fake.lines == ["docker buildx imagetools create --tag ghcr.io/team/hello:dev ghcr.io/team/hello@\(new)"])
        #expect(fake.remote["ghcr.io/team/hello:dev"] == new)
    }
}
