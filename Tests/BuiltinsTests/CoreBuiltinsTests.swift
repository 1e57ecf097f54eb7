import Builtins
import Lang
import TestSupport
import Testing

@Suite("Environment, time and paths")
struct CoreBuiltinsTests {
    private func call(_ name: String, _ argument: Value = .missing, in world: World) async throws -> Value {
        let all = EnvBuiltins.all + TimeBuiltins.all + PathBuiltins.all + FileBuiltins.all
        return try await #require(all.first { $0.name == name }).call(argument, in: world)
    }

    @Test("the environment can be asked, and what must be there is missed")
    func environment() async throws {
        let world = World.fake(environment: ["TOKEN": "t0ken", "EMPTY": ""])
        #expect(try await call("env.get", .string("TOKEN"), in: world).asString == "t0ken")
        #expect(try await call("env.get", .string("NONE"), in: world).isNull)
        #expect(try await call("env.has", .string("EMPTY"), in: world).literal == "true")
        let secret = try await call("env.secret", .string("TOKEN"), in: world)
        #expect(Secret.from(secret)?.source == "env TOKEN")
        for name in ["NONE", "EMPTY", "TOKEM"] {
            do {
                _ = try await call("env.require", .string(name), in: world)
                Issue.record("\(name) is not there")
            } catch let error as RuntimeError {
                #expect(error.id == "no-environment-variable")
                #expect(error.help?.contains("TOKEN?") == (name == "TOKEM"))
            }
        }
    }

    @Test(
        "times are written as ISO 8601 does",
        arguments: [
            (0.0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_759_743_000.9, "2025-10-06T09:30:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
            (-62_135_596_800, "0001-01-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
        ])
    func times(_ seconds: Double, _ text: String) {
        #expect(CalendarTime(secondsSince1970: seconds).description == text)
    }

    @Test("the clock is the world's")
    func clock() async throws {
        let clock = FakeClock()
        let world = World.fake(clock: clock)
        #expect(try await call("time.today", in: world).asString == "2025-10-06")
        _ = try await call("time.sleep", Duration.seconds(90).value, in: world)
        #expect(try await call("time.now", in: world).asString == "2025-10-06T09:31:30Z")
        #expect(clock.sleeps == [.seconds(90)])
    }

    @Test("paths")
    func paths() async throws {
        let world = World.fake()
        let parts = Value.list([.string("a"), .string(""), .string("b/c")])
        #expect(try await call("paths.join", parts, in: world).display == "a/b/c")
        #expect(try await call("paths.absolute", .string("../x/./y"), in: world).display == "/x/y")
        #expect(try await call("paths.home", in: world).display == "/home/tester")
        #expect(try await call("paths.cwd", in: world).display == "/work")
    }

    @Test("files.lines drops line ends")
    func lines() async throws {
        let world = World.fake(files: FakeFiles(["a": "one\r\ntwo\n\nthree", "empty": ""]))
        #expect(try await call("files.lines", .string("a"), in: world).literal == #"["one", "two", "", "three"]"#)
        #expect(try await call("files.lines", .string("empty"), in: world).literal == "[]")
    }
}
