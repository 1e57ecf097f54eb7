import Builtins
import Glibc
import Lang

/// `relsh` without a recipe: reads inputs and runs them, at a terminal or from a pipe.
struct ReplCommand {
    let own: OwnOptions
    let colour: Bool
    let catalog = StandardCatalog.catalog

    init(_ own: OwnOptions, colour: Bool) {
        self.own = own
        self.colour = colour
    }

    func run() async -> ExitCode {
        let signals = PromptSignals()
        let isTerminal = Terminal.isTerminal(0) && Terminal.isTerminal(1)
        var session = await PromptSession(
            own, colour: colour, catalog: catalog, signals: signals, isInteractive: isTerminal)
        return isTerminal ? await converse(&session) : await runPiped(&session)
    }

    // MARK: At a terminal

    private func converse(_ session: inout PromptSession) async -> ExitCode {
        let live = LiveNames(session.project)
        let usesColour = ProgressOptions.wantsColour(
            isOff: own.isColourOff, environment: World.inheritedEnvironment(), descriptor: 1)
        let help = PromptHelp(await session.machine.names, live, catalog: catalog, colour: usesColour)
        guard let editor = LineEditor(help) else { return await runPiped(&session) }
        session.signals.serve(editor)
        let history = PromptHistory(World.inheritedEnvironment())
        for entry in history.load() { editor.remember(entry) }
        let look = PromptLook(colour: usesColour)
        if !own.isQuiet {
            Terminal.write("relsh \(relshVersion). `:help` lists the commands, Tab completes, Ctrl-D leaves.\n", to: 1)
        }
        var lines = PromptLines()
        while !session.signals.isLeaving {
            help.expect(await session.machine.names, after: lines.open)
            let prompt = lines.open.isEmpty ? look.first(isDry: session.isDry) : look.next
            let line: String
            switch await editor.read(prompt) {
            case .interrupted:
                lines.giveUp()
                continue
            case .end:
                Terminal.write("\n", to: 1)
                if lines.open.isEmpty { return .success }
                lines.giveUp()
                continue
            case .text(let text): line = text
            }
            guard let input = lines.add(line) else { continue }
            if PromptHistory.isKept(input) {
                editor.remember(input)
                history.add(input)
            }
            if let word = Self.commandWords[input.trimmed], !(await session.machine.names.knows(input.trimmed)) {
                if await perform(word, &session) == nil { return .success }
            } else if input.hasPrefix(":") {
                if await perform(String(input.dropFirst()), &session) == nil { return .success }
            } else if await session.evaluate(input) == .usage, let program = Self.program(input) {
                Terminal.write("`$ \(program)` runs the program of that name\n", to: 2)
            }
            live.forget()
        }
        return .interrupted
    }

    /// What people type who have not read that commands begin with a colon.
    private static let commandWords = ["exit": "quit", "quit": "quit", "help": "help"]

    /// The line as a command, where its first word is a program: what is typed out of habit.
    private static func program(_ input: String) -> String? {
        let line = input.trimmed
        let word = line.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }
        let rest = line.dropFirst(word.count)
        guard !word.isEmpty, rest.isEmpty || rest.first == " ", !line.contains("\n") else { return nil }
        let places = (World.inheritedEnvironment()["PATH"] ?? "").split(separator: ":")
        return places.contains { access("\($0)/\(word)", X_OK) == 0 } ? line : nil
    }

    // MARK: From a pipe

    /// Runs up to the first input that fails: nobody is there to look at what came of it.
    private func runPiped(_ session: inout PromptSession) async -> ExitCode {
        var lines = PromptLines()
        var isEmpty = true
        while let line = readLine() {
            isEmpty = false
            guard let input = lines.add(line) else { continue }
            guard let code = await runOne(input, &session) else { return .success }
            if code != .success { return stop(code, session) }
            if session.signals.isLeaving { return .interrupted }
        }
        if !lines.open.isEmpty {
            // Its mistake is shown as for any other.
            let code = await session.evaluate(lines.open)
            return code == .success ? .success : stop(code, session)
        }
        if isEmpty {
            Terminal.write(HelpText(width: Terminal.size(2)?.width ?? 80).relsh(), to: 2)
            return .usage
        }
        return .success
    }

    private func runOne(_ input: String, _ session: inout PromptSession) async -> ExitCode? {
        input.hasPrefix(":")
            ? await perform(String(input.dropFirst()), &session) : await session.evaluate(input)
    }

    private func stop(_ code: ExitCode, _ session: PromptSession) -> ExitCode {
        if code != .interrupted { session.complain(.promptInputFailed(session.count)) }
        return code
    }
}
