import Foundation
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What docs/registries.md shows is true: its programs run, its messages are those that relsh has.
@Suite struct RegistriesPageTests {
    private static let text: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return (try? String(contentsOf: root.appendingPathComponent("docs/registries.md"), encoding: .utf8)) ?? ""
    }()

    /// Registries as the page has them, and those of the project.
    private func world(_ network: FakeNetwork) -> World {
        network.registry("ghcr.io") { registry in
            let amd64 = registry.add("my-team/app", tag: nil, layers: [[1]], platform: "linux/amd64")
            let arm64 = registry.add("my-team/app", tag: nil, layers: [[2]], platform: "linux/arm64")
            for tag in ["dev", "dev-1.2.0"] {
                registry.addIndex("my-team/app", tag: tag, [(amd64, "linux/amd64"), (arm64, "linux/arm64")])
            }
        }
        for host in ["10.0.0.7:5000", "10.0.0.8:5000", "127.0.0.1:5001", "registry-1.docker.io"] {
            network.registry(host) { _ in }
        }
        var world = projectWorld(FakeEngine(network))
        world.http = network
        world.clock = FakeClock()
        return world
    }

    @Test func itsProgramsRun() async throws {
        let programs = MarkdownPage(Self.text).blocks.filter { $0.words.first == "rel" }
        #expect(programs.count == 2)
        for program in programs {
            let network = FakeNetwork()
            let run = try await ProgramRun.of(
                "let image = Image(\"ghcr.io/my-team/app:dev\")\nprint(image)\n" + program.text, world: world(network),
                catalog: StandardCatalog.catalog)
            #expect(run.error == nil, "line \(program.line): \(String(describing: run.error))")
            let writes = network.lines.filter { $0.hasPrefix("PUT ") && $0.contains("/manifests/") }
            #expect(!writes.isEmpty)
        }
    }

    @Test func itsMessageIsTheOneThatIsShown() throws {
        let message = Message.flipFailed(
            "app", failures: ["x"], restored: [], left: [], stuck: ["three: y"], completion: "relsh -e")
        let start = try #require(Self.text.firstRange(of: "error: cannot move the tags of"))
        let block = Self.text[start.lowerBound...].prefix { $0 != "`" }
        for part in ["cannot move the tags of", "NOT put back, or not known to be:"] {
            #expect(message.text.contains(part) && block.contains(part))
        }
        let help = "once the registry answers, this completes it: relsh -e"
        #expect(message.help == help && block.contains(help))
    }

    @Test func itsNumbersAreThoseOfTheRules() {
        let policy = RetryPolicy()
        #expect(policy.attempts == 6 && Self.text.contains("tried up to six times"))
        #expect(policy.attemptsWhenRefused == 3 && Self.text.contains("refuses connections up to three times"))
        #expect(
            policy.attemptsWhenSilent == 3 && Self.text.contains("three times, as is one that is silent for a minute"))
        #expect(policy.longestWait == 120 && Self.text.contains("up to two minutes"))
    }
}
