import Glibc
import Testing

/// relsh's prompt at a pseudo-terminal, with somebody who types.
final class Prompt: Sendable {
    let terminal: Terminal
    let running: Running
    private static let size: (columns: UInt16, rows: UInt16) = (120, 40)

    init(
        _ arguments: [String] = [], in directory: String, home: String, environment: [String: String] = [:]
    ) throws {
        try Host.requireRelsh()
        terminal = try Terminal(columns: Self.size.columns, rows: Self.size.rows)
        var variables = Host.clean.merging(environment) { $1 }
        variables["HOME"] = home
        variables["TERM"] = "xterm"
        variables["XDG_STATE_HOME"] = nil
        running = try Running(
            Host.relsh, arguments, in: directory, environment: variables, input: .terminal(terminal))
    }

    /// What stands on the screen, and what has left it at the top.
    var screen: [String] {
        var screen = Screen(columns: Int(Self.size.columns), rows: Int(Self.size.rows))
        screen.show(terminal.text)
        return screen.lines
    }

    /// Also what goes over the end of a line.
    private func shows(_ text: String) -> Bool { screen.joined().contains(text) }

    /// How often a line was asked for: an editor that is ready turns bracketed paste on.
    private var readings: Int { terminal.text.ranges(of: "\u{1B}[?2004h").count }

    /// Until the prompt can be typed at for the first time.
    func begin() async throws { try await running.waitUntil("there is a prompt") { self.readings > 0 } }

    /// Types without Enter.
    func keys(_ text: String) { terminal.type(text) }

    /// Until the screen shows something.
    func waitFor(_ text: String, limit: Duration = .seconds(180)) async throws {
        try await running.waitUntil("the screen shows \(text)", limit: limit) {
            self.shows(text)
        }
    }

    /// Presses Tab until the screen shows something: what has to be looked up may not be there at the first.
    func complete(_ text: String) async throws {
        try await running.waitUntil("Tab gives \(text)") {
            if self.shows(text) { return true }
            self.terminal.type("\t")
            try await Task.sleep(for: .milliseconds(700))
            return false
        }
    }

    /// Types a line and waits until the next one can be typed.
    /// - Returns: the lines that are new on the screen, from the prompt's on.
    @discardableResult
    func line(_ text: String, limit: Duration = .seconds(180)) async throws -> [String] {
        let (before, shown) = (readings, max(0, screen.count - 1))
        terminal.type(text + "\r")
        try await running.waitUntil("the prompt is back after \(text)", limit: limit) { self.readings > before }
        return Array(screen.dropFirst(shown))
    }

    /// Ctrl-C, and until the next line can be typed.
    func interrupt() async throws {
        let before = readings
        terminal.type("\u{3}")
        try await running.waitUntil("the prompt is back after Ctrl-C", limit: .seconds(60)) { self.readings > before }
    }

    func end() async throws -> Finished {
        terminal.type("\u{4}")
        return try await running.wait()
    }
}
