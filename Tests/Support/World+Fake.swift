package import Builtins
package import Lang

extension World {
    /// A world in which nothing happens but what a test says. Keep the fakes to ask them afterwards.
    package static func fake(
        processes: any ProcessRunner = FakeProcesses(), files: any FileAccess = FakeFiles(),
        http: any HTTPAccess = NoHTTP(),
        environment: [String: String] = ["HOME": "/home/tester", "PATH": "/usr/bin:/bin"],
        clock: any ClockAccess = FakeClock(), console: any Console = FakeConsole(),
        project: any ProjectSource = NoProject(), events: any EffectEvents = RecordingEvents(),
        workingDirectory: String = "/work"
    ) -> World {
        World(
            processes: processes, files: files, http: http, registries: RegistryMemory(), environment: environment,
            clock: clock, console: console, project: project, events: events, workingDirectory: workingDirectory)
    }

    /// The programs and files of this machine, and everything else a fake.
    package static func machine(
        events: any EffectEvents = RecordingEvents(), console: any Console = FakeConsole(),
        workingDirectory: String = World.currentDirectory()
    ) -> World {
        let environment = World.inheritedEnvironment()
        let files = LiveFiles(workingDirectory: workingDirectory)
        return World(
            processes: LiveProcesses(environment: environment, workingDirectory: workingDirectory), files: files,
            http: LiveHTTP(files: files, environment: environment), registries: RegistryMemory(),
            environment: environment, clock: LiveClock(), console: console, project: NoProject(), events: events,
            workingDirectory: workingDirectory)
    }
}

/// Where there is no network: a world of tests.
package struct NoHTTP: HTTPAccess {
    package init() {}
    package func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        throw HTTPFailure(.refused, "this world has no network, and was asked for \(request.line)")
    }
}

/// Where there is no `relsh.toml`.
package struct NoProject: ProjectSource {
    package init() {}
    package func load() async throws -> Project {
        throw RuntimeError(.world, Message("this test has no project", id: "testHasNoProject"))
    }
}

extension Builtin {
    /// Calls a builtin as the interpreter does, with its arguments in declared order.
    package func call(_ arguments: Value..., in world: World = .fake()) async throws -> Value {
        switch implementation {
        case .pure(let body): return try Arguments.with(arguments, body)
        case .effect(let definition):
            let prepared = try prepare(definition, arguments)
            return try await prepared.perform(world)()
        case .mutating, .script:
            throw RuntimeError(.value, Message("call this one from a program", id: "testCallsProgram"))
        }
    }

    /// What a builtin would do with these arguments.
    package func prepared(_ arguments: Value...) throws -> PreparedEffect {
        guard case .effect(let definition) = implementation else {
            throw RuntimeError(.value, Message("\(name) has no effect", id: "testHasNoEffect"))
        }
        return try prepare(definition, arguments)
    }

    private func prepare(_ definition: any EffectDefinition, _ arguments: [Value]) throws -> PreparedEffect {
        guard let body = definition as? EffectBody else {
            throw RuntimeError(.value, Message("\(name) has an effect of another kind", id: "testKnowsNoEffect"))
        }
        return try body.prepare(arguments)
    }
}
