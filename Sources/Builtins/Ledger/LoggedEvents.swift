import Lang

/// Keeps what commands print, and shows notes alone: that a registry is tried again, for one.
struct LoggedEvents: EffectEvents {
    let log: EffectLog
    let outer: any EffectEvents
    var watchesCommands: Bool { true }
    func commandStarted(_ line: String) -> Int {
        log.add(request: line)
        return 0
    }
    func commandOutput(_ command: Int, _ line: String) { log.add(output: line) }
    func commandFinished(_ command: Int, exitCode: Int, output: String) {}
    func note(_ text: String) {
        log.add(output: text)
        outer.note(text)
    }
}
