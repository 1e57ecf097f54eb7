import Builtins
import Lang

extension World {
    /// The live world for what is no recipe: nothing of it is shown, and nobody is asked.
    /// - Parameter tellsNotes: whether notes go to standard error all the same.
    static func quiet(
        project: any ProjectSource, tellsNotes: Bool = false,
        console: any Console = TerminalConsole(assumesYes: false, programIsStandardInput: true)
    ) -> World {
        World.live(console: console, events: QuietEvents(tellsNotes: tellsNotes), project: project)
    }
}

private struct QuietEvents: EffectEvents {
    let tellsNotes: Bool
    var watchesCommands: Bool { false }
    func commandStarted(_ line: String) -> Int { 0 }
    func commandOutput(_ command: Int, _ line: String) {}
    func commandFinished(_ command: Int, exitCode: Int, output: String) {}
    func note(_ text: String) { if tellsNotes { Terminal.write("relsh: \(text)\n", to: 2) } }
}
