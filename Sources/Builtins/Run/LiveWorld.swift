import Glibc
import Lang

extension World {
    /// The machine relsh runs on, as it was when relsh was started.
    package static func live(
        console: any Console, events: any EffectEvents, project: any ProjectSource
    ) -> World {
        let environment = inheritedEnvironment()
        let directory = currentDirectory()
        let files = LiveFiles(workingDirectory: directory)
        var world = World(
            processes: LiveProcesses(environment: environment, workingDirectory: directory), files: files,
            http: LiveHTTP(files: files, environment: environment), registries: RegistryMemory(),
            environment: environment, clock: LiveClock(), console: console, project: project, events: events,
            workingDirectory: directory)
        world.asksEngine = true
        return world
    }

    /// The environment relsh was started with. Nothing in relsh changes it.
    package static func inheritedEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        var position = environ
        while let entry = position.pointee {
            let text = String(cString: entry)
            if let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals != text.startIndex {
                variables[String(text[..<equals])] = String(text[text.utf8.index(after: equals)...])
            }
            position += 1
        }
        return variables
    }

    /// Absolute; `/` where it has been removed under us.
    package static func currentDirectory() -> String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }
}

/// The terminal's columns; 80 where `descriptor` is not a terminal, or one that does not know.
package func terminalWidth(_ descriptor: CInt = STDERR_FILENO) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
}

/// The system's clock.
package struct LiveClock: ClockAccess {
    package init() {}

    package func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    package func sleep(_ duration: Duration) async throws {
        if duration > .zero { try await Task.sleep(for: duration) }
    }
}
