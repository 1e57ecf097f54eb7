import Builtins
import Lang

extension World {
    /// The live world for what is no recipe: nothing of it is shown, and nobody is asked.
    static func quiet(
        project: any ProjectSource,
        console: any Console = TerminalConsole(assumesYes: false, programIsStandardInput: true)
    ) -> World {
        World.live(console: console, events: QuietEvents(), project: project)
    }
}

private struct QuietEvents: EffectEvents {
    var watchesCommands: Bool { false }
    func commandStarted(_ line: String) -> Int { 0 }
    func commandOutput(_ command: Int, _ line: String) {}
    func commandFinished(_ command: Int, exitCode: Int, output: String) {}
    func note(_ text: String) {}
}
