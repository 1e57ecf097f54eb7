package import Lang

/// Everything a builtin may touch. The live one is made by relsh; tests pass fakes.
/// A copy is made for each effect, so that `events` knows which step it belongs to.
package struct World: Sendable {
    package var processes: any ProcessRunner
    package var files: any FileAccess
    package var http: any HTTPAccess
    /// What was learnt about registries so far; the same for all effects of a run.
    package var registries: RegistryMemory
    package var environment: [String: String]
    package var clock: any ClockAccess
    package var console: any Console
    /// The nearest `relsh.toml`, read once when first asked for.
    package var project: any ProjectSource
    package var events: any EffectEvents
    /// How tags have moved, as far as there is a ledger.
    package var history: any TagHistory = NoTagHistory()
    /// The plan that is made or followed, which is no part of the project wherever it lies.
    package var planFile: String?
    /// What was there just now, before the effect that is performed, which need not look again; nil where nobody has looked.
    package var seen: [Inverse]?
    /// Which suites have passed, as far as there is a ledger.
    package var tests: any TestHistory = NoTestHistory()
    /// Takes the project's lock for this run.
    package var takeLock: @Sendable () async throws -> Void = {}
    /// Whether the engine of this machine may be asked without the docker command.
    package var asksEngine = false
    /// What this run has learnt of the engine's images.
    package let images = KnownImages()
    /// The directory relsh was started in, absolute.
    package var workingDirectory: String

    package init(
        processes: any ProcessRunner, files: any FileAccess, http: any HTTPAccess, registries: RegistryMemory,
        environment: [String: String], clock: any ClockAccess, console: any Console, project: any ProjectSource,
        events: any EffectEvents, workingDirectory: String
    ) {
        self.processes = processes
        self.files = files
        self.http = http
        self.registries = registries
        self.environment = environment
        self.clock = clock
        self.console = console
        self.project = project
        self.events = events
        self.workingDirectory = workingDirectory
    }
}

/// Starts programs.
package protocol ProcessRunner: Sendable {
    /// Runs the stages connected by pipes (usually one) and waits for them. An exit code other than 0 is an outcome, not
    /// an error. Cancelling the task stops the whole process group, politely first.
    /// - Throws: `RuntimeError` where a program cannot be started or the time limit passes.
    func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome
    /// - Throws: where it cannot be started, as `run` would.
    func check(_ request: ProcessRequest, directory: String?) throws
}

extension ProcessRunner {
    package func check(_ request: ProcessRequest, directory: String?) throws {}
}

package struct ProcessRequest: Sendable, Hashable {
    /// The program and its arguments; never a shell string.
    package var arguments: [String]
    /// Added to the environment relsh itself has.
    package var environment: [String: String]
    /// Added to the environment too, and never shown.
    package var secrets: [String: Secret]

    package init(_ arguments: [String], environment: [String: String] = [:], secrets: [String: Secret] = [:]) {
        self.arguments = arguments
        self.environment = environment
        self.secrets = secrets
    }

    /// As a person would type it, quoted for a shell. Environment values stand before it, secrets masked.
    package var line: String {
        let shown = environment.mapValues(shellQuoted).merging(secrets.mapValues { _ in Secret.mask }) { $1 }
        let assignments = shown.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return (assignments + arguments.map(shellQuoted)).joined(separator: " ")
    }
}

package struct ProcessOptions: Sendable {
    package enum Input: Sendable {
        /// An empty standard input.
        case none
        case text(String)
        /// Given like text, and never shown.
        case secret(Secret)
        /// The terminal relsh has: for shells and prompts. Output goes there too.
        case terminal
    }
    package var workingDirectory: String?
    package var input: Input = .none
    /// Each line is given to it as it comes; standard error and, with `streamsOutput`, standard output alike.
    package var onLine: (@Sendable (String) -> Void)?
    /// False keeps standard output from `onLine`.
    package var streamsOutput = true
    /// False leaves `ProcessOutcome.stdout` empty, so that any amount of output takes little memory.
    package var capturesOutput = true
    package var timeout: Duration?
    /// For a program that prints little and that nobody watches: its output goes to nameless files, which are read when it
    /// has ended. A pipe would wake relsh up for every piece of it.
    package var collectsAtEnd = false
    /// Standard output above this many bytes is an error; the tail of both is kept in any case.
    package var maximumOutput: Int = 64 << 20

    package init() {}
}

package struct ProcessOutcome: Sendable {
    /// That of the last stage that failed, 0 if none did; 128 plus the signal for one that was killed.
    package let exitCode: Int
    /// Of the last stage.
    package let stdout: String
    /// The same as it was printed, where it is not UTF-8.
    package let rawOutput: [UInt8]?
    /// Of all stages.
    package let stderr: String
    /// Both as they came, for error messages; the end of it where it is long (up to 1 MiB).
    package let combined: String
    package let duration: Duration
    /// The position of the stage that failed.
    package let failedStage: Int?

    package init(
        exitCode: Int, stdout: String, rawOutput: [UInt8]? = nil, stderr: String, combined: String, duration: Duration,
        failedStage: Int?
    ) {
        self.exitCode = exitCode
        self.stdout = stdout
        self.rawOutput = rawOutput
        self.stderr = stderr
        self.combined = combined
        self.duration = duration
        self.failedStage = failedStage
    }
}

package protocol ClockAccess: Sendable {
    /// Seconds since 1970-01-01 00:00 UTC, with fractions.
    func now() -> Double
    func sleep(_ duration: Duration) async throws
}

/// Where a person can be asked. The live tree of steps steps aside while they are.
package protocol Console: Sendable {
    /// Writes to standard output.
    func print(_ text: String)
    /// True where a person can answer.
    var isInteractive: Bool { get }
    /// True where standard input and standard output are both a terminal, which a program may be given as one.
    var hasTerminal: Bool { get }
    /// True after `--yes`.
    var assumesYes: Bool { get }
    /// One line, without its end; nil at the end of input. `isSecret` turns the echo off.
    func readLine(prompt: String, isSecret: Bool) async throws -> String?
    /// Columns, 80 where it is not a terminal.
    var width: Int { get }
    /// Runs `body` with the terminal to itself: progress is cleared before and drawn again after.
    func withTerminal<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T
}

extension Console {
    package var hasTerminal: Bool { false }
}

/// What an effect reports while it runs.
package protocol EffectEvents: Sendable {
    /// Whether anyone sees what commands print while they run; an end of it is kept in any case.
    var watchesCommands: Bool { get }
    /// A command begins; the number is given back with its output and end.
    func commandStarted(_ line: String) -> Int
    func commandOutput(_ command: Int, _ line: String)
    func commandFinished(_ command: Int, exitCode: Int, output: String)
    /// As `commandStarted`, for one that only looks something up: it is not worth a line unless it fails.
    func lookupStarted(_ line: String) -> Int
    /// A lookup ended, and whatever its exit code, that was an answer: nothing is to be shown.
    func lookupAnswered(_ command: Int)
    /// A line that `$ …` printed, which is shown as it comes.
    func liveOutput(_ line: String, of command: String)
    /// Bytes begin to go to a place, `total` of them; the number is given back with what has gone.
    func transferStarted(_ place: String, total: Int) -> Int
    /// - Parameter bytes: all that have gone so far. Fewer than before where some have to go again.
    func transferred(_ transfer: Int, bytes: Int)
    func transferFinished(_ transfer: Int)
    /// Something worth a line: a retry, a fact found.
    func note(_ text: String)
}

extension EffectEvents {
    package var watchesCommands: Bool { true }
    package func lookupStarted(_ line: String) -> Int { commandStarted(line) }
    package func lookupAnswered(_ command: Int) {}
    package func liveOutput(_ line: String, of command: String) {}
    package func transferStarted(_ place: String, total: Int) -> Int { 0 }
    package func transferred(_ transfer: Int, bytes: Int) {}
    package func transferFinished(_ transfer: Int) {}
}

/// Text as one word of a shell command, for showing commands that a person can paste. Control characters, and those that turn the
/// direction of text around or end a line, are written as `$'…'` escapes, which bash, zsh and ksh read.
package func shellQuoted(_ text: String) -> String {
    if text.unicodeScalars.contains(where: isUnseen) { return escapeQuoted(text) }
    let isPlain = text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-_./:=@,+%".utf8.contains(byte)
        }
    }
    if isPlain, !text.isEmpty { return text }
    var quoted = "'"
    for scalar in text.unicodeScalars {
        if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "'"
}

/// What a terminal acts upon or leaves out instead of showing it.
private func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.isBidirectionalControl
        || (0x2028...0x2029).contains(scalar.value)
}

private func escapeQuoted(_ text: String) -> String {
    var quoted = "$'"
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": quoted += "\\n"
        case "\t": quoted += "\\t"
        case "\r": quoted += "\\r"
        case "\\", "'": quoted += "\\\(scalar)"
        default:
            if isUnseen(scalar) {
                // Byte by byte: `\u` is read according to the locale.
                for byte in String(scalar).utf8 {
                    quoted += "\\x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
                }
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
    }
    return quoted + "'"
}
