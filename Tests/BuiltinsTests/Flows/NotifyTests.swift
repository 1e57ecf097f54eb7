import Synchronization
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct NotifyTests {
    private let network = FakeNetwork()
    private let events = RecordingEvents()
    private static let hook = "https://chat.example/services/T0KEN?sig=S1G"

    private func world(_ settings: String, hook: String? = NotifyTests.hook) -> World {
        let environment = hook.map { ["CHAT": $0] } ?? [:]
        let files = FakeFiles(["relsh.toml": projectText + "\n" + settings])
        return World.fake(
            files: files, http: network, environment: environment,
            project: LiveProject(files: files, workingDirectory: "/work", environment: environment), events: events)
    }

    private static let team = "[notifications.team]\nurl_env = \"CHAT\"\n"

    private func send(_ text: String, _ channel: Value = .missing, in world: World) async throws {
        _ = try await builtin("notify.send").call(.string(text), channel, in: world)
    }

    @Test func aServerThatFailsTwiceIsAskedAThirdTime() async throws {
        let answers = Mutex([503, 429, 200])
        network.serve("chat.example") { _ in .init(answers.withLock { $0.removeFirst() }) }
        try await send("it is \"out\"\n- really", in: world(Self.team))
        #expect(network.lines == Array(repeating: "POST chat.example/services/T0KEN", count: 3))
        #expect(events.notes.count == 2)
        #expect(events.notes.allSatisfy { $0.contains("chat.example answered") && !$0.contains("T0KEN") })
    }

    @Test func whatItsServerRefusesIsNotTriedAgain() async throws {
        network.serve("chat.example") { _ in .init(404) }
        let error = await failure { try await send("x", in: world(Self.team)) }
        #expect(error?.id == "message-not-taken")
        #expect(network.lines.count == 1)
        #expect("\(error?.message ?? "")\(error?.help ?? "")".contains("T0KEN") == false)
    }

    @Test func aServerThatStaysDownIsGivenUp() async throws {
        network.serve("chat.example") { _ in .init(500) }
        let error = await failure { try await send("x", in: world(Self.team)) }
        #expect(error?.message.contains("4 times") == true)
        #expect(network.lines.count == 4)
    }

    @Test func thePlanNamesTheVariableAndNotItsSecret() async throws {
        let settings = Self.team + "[notifications.other]\nurl_env = \"OTHER\"\nfield = \"content\"\n"
        let line = try await builtin("notify.send").prepared("it's out", "other").commands(world(settings))
        #expect(
            line == [
                "curl --header 'Content-Type: application/json' --data '{\"content\": \"it'\\''s out\"}' \"$OTHER\""
            ])
        let first = try await builtin("notify.send").prepared("x", .null).commands(world(settings))
        #expect(first.first?.hasSuffix("\"$CHAT\"") == true)
    }

    @Test func theAddressIsHiddenFromThenOn() async throws {
        network.serve("chat.example") { _ in .init(200) }
        try await send("x", in: world(Self.team))
        #expect(!LedgerMask.hide(in: "POST https://chat.example/services/T0KEN").contains("T0KEN"))
        #expect(!LedgerMask.hide(in: "query sig=S1G").contains("S1G"))
    }

    @Test func whatIsMissingIsNamed() async throws {
        #expect(await failure { try await send("x", in: world("")) }?.id == "no-channels")
        let unknown = await failure { try await send("x", "teem", in: world(Self.team)) }
        #expect(unknown?.id == "unknown-channel" && unknown?.help?.contains("team") == true)
        #expect(await failure { try await send("x", in: world(Self.team, hook: nil)) }?.id == "no-hook-address")
        #expect(await failure { try await send("x", in: world(Self.team, hook: "chat")) }?.id == "bad-hook-address")
        let error = await failure { try project(projectText + "\n[notifications.team]\nfield = \"text\"\n") }
        #expect(error?.message.contains("notifications.team.url_env") == true)
    }
}
