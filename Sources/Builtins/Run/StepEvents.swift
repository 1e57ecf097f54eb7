import Lang
import Synchronization

/// Tells the observer which step a command belongs to, and numbers commands across the whole run.
struct StepEvents: EffectEvents {
    let observer: any RunObserver
    let step: Int?
    /// Of the effect, where it is recorded.
    var log: EffectLog?
    private let started = Started()

    /// Commands under way in one effect, which may run several at once.
    private final class Started: Sendable {
        let commands = Mutex<[Int: (line: String, start: ContinuousClock.Instant)]>([:])
    }

    init(observer: any RunObserver, step: Int?, log: EffectLog? = nil) {
        self.observer = observer
        self.step = step
        self.log = log
    }

    var watchesCommands: Bool { observer.watchesCommands }

    private static let lastNumber = Atomic<Int>(0)

    func commandStarted(_ line: String) -> Int {
        let number = lookupStarted(line)
        observer.handle(.commandStarted(number, step: step, line: line))
        return number
    }

    func lookupStarted(_ line: String) -> Int {
        let number = Self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        started.commands.withLock { $0[number] = (line, .now) }
        log?.add(request: line)
        return number
    }

    func lookupAnswered(_ command: Int) {
        started.commands.withLock { _ = $0.removeValue(forKey: command) }
    }

    func liveOutput(_ line: String, of command: String) {
        observer.handle(.liveOutput(step: step, command: command, line: line))
    }

    func commandOutput(_ command: Int, _ line: String) {
        log?.add(output: line)
        observer.handle(.commandOutput(command, step: step, line: line))
    }

    func commandFinished(_ command: Int, exitCode: Int, output: String) {
        guard let (line, start) = started.commands.withLock({ $0.removeValue(forKey: command) }) else { return }
        observer.handle(
            .commandFinished(
                command, step: step, line: line, exitCode: exitCode, output: output, elapsed: .now - start))
    }

    func note(_ text: String) {
        log?.add(output: text)
        observer.handle(.note(step: step, text: text))
    }

    func transferStarted(_ place: String, total: Int) -> Int {
        let number = Self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        observer.handle(.transferStarted(number, step: step, place: place, total: total))
        return number
    }

    func transferred(_ transfer: Int, bytes: Int) {
        observer.handle(.transferred(transfer, step: step, bytes: bytes))
    }

    func transferFinished(_ transfer: Int) { observer.handle(.transferFinished(transfer, step: step)) }
}
