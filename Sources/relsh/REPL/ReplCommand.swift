import Builtins
import Glibc
import Lang

/// `relsh` without a recipe: reads inputs and runs them, at a terminal or from a pipe.
struct ReplCommand {
    private let own: OwnOptions
    private let colour: Bool
    private let catalog = StandardCatalog.catalog

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
        var text = ""
        while !session.signals.isLeaving {
            help.expect(await session.machine.names, after: text)
            let prompt = text.isEmpty ? look.first(isDry: session.isDry) : look.next
            switch await editor.read(prompt) {
            case .interrupted:
                text = ""
                continue
            case .end:
                Terminal.write("\n", to: 1)
                if text.isEmpty { return .success }
                text = ""
                continue
            case .text(let line):
                text += line
            }
            if !text.hasPrefix(":"), InputState(text) == .unfinished {
                text += "\n"
                continue
            }
            let input = text
            text = ""
            if input.allSatisfy(\.isWhitespace) { continue }
            if PromptHistory.isKept(input) {
                editor.remember(input)
                history.add(input)
            }
            if let word = Self.commandWords[input.trimmed], !(await session.machine.names.knows(input.trimmed)) {
                if await perform(word, &session) == nil { return .success }
            } else if input.hasPrefix(":") {
                if await perform(String(input.dropFirst()), &session) == nil { return .success }
            } else {
                _ = await session.evaluate(input)
            }
            live.forget()
        }
        return .interrupted
    }

    /// What people type who have not read that commands begin with a colon.
    private static let commandWords = ["exit": "quit", "quit": "quit", "help": "help"]

    // MARK: From a pipe

    /// Runs up to the first input that fails: nobody is there to look at what came of it.
    private func runPiped(_ session: inout PromptSession) async -> ExitCode {
        var text = ""
        var isEmpty = true
        while let line = readLine() {
            isEmpty = false
            text += line
            if !text.hasPrefix(":"), InputState(text) == .unfinished {
                text += "\n"
                continue
            }
            let input = text
            text = ""
            if input.allSatisfy(\.isWhitespace) { continue }
            guard let code = await runOne(input, &session) else { return .success }
            if code != .success { return stop(code, session) }
            if session.signals.isLeaving { return .interrupted }
        }
        if !text.allSatisfy(\.isWhitespace) {
            // Its mistake is shown as for any other.
            let code = await session.evaluate(text)
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

    // MARK: Commands

    /// Nil to leave.
    private func perform(_ line: String, _ session: inout PromptSession) async -> ExitCode? {
        let command: PromptCommand
        do throws(PromptCommand.Mistake) {
            command = try PromptCommand.parse(line)
        } catch {
            session.complain(.noPromptCommand(error))
            return .usage
        }
        do throws(UsageError) {
            return try await perform(command, &session)
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .usage
        }
    }

    private func perform(_ command: PromptCommand, _ session: inout PromptSession) async throws(UsageError) -> ExitCode?
    {
        switch command {
        case .quit: return nil
        case .help: Terminal.write(help, to: 1)
        case .recipes: Terminal.write(RecipeList(entries: RecipeFinder().all().entries, width: width).text(), to: 1)
        case .doc(let name):
            Terminal.write(try DocCommand(catalog: catalog, width: width).text(name, asMarkdown: false), to: 1)
        case .type(let expression): return await showType(expression, session)
        case .load(let path):
            let source = try SourceReading.file(path)
            return await session.evaluate(
                String(decoding: source.bytes, as: UTF8.self), path: source.path, name: source.name)
        case .run(let words): return await runRecipe(words, &session)
        case .steps:
            guard let run = session.transcript.newestRun else {
                session.complain(.nothingToUndo("nothing was changed in this session yet"))
                return .failed
            }
            return ExitCode(await session.relsh(["show", String(run)]))
        case .undo: return await undo(&session)
        case .dry(let isOn):
            if let isOn { await session.setDry(isOn) }
            Terminal.write("dry run is \(session.isDry ? "on: nothing is changed" : "off")\n", to: 1)
        case .time(let expression):
            var code = ExitCode.success
            if let expression { code = await session.evaluate(expression) }
            if let time = session.lastTime { Terminal.write("\(shownTime(time))\n", to: 1) }
            return code
        case .save(let path): return save(path, &session)
        }
        return .success
    }

    private var width: Int { Terminal.size(1)?.width ?? 80 }

    private var help: String {
        let layout = TextLayout(width: width)
        let rows = PromptCommand.all.map { (":\($0.name) \($0.argument)".trimmed, $0.summary) }
        let keys = [
            ("Tab", "completes names, arguments, files, containers, images and tags"),
            ("Ctrl-R", "searches what was typed before"),
            ("Ctrl-C", "gives up the line, or stops what is running"), ("Ctrl-D", "leaves"),
        ]
        return "What is typed is a program: `1 + 1`, `docker.tag(\"app:dev\", \"app:mine\")`, `$ docker ps`.\n"
            + "`_` is the last value. An input goes on in the next line while a bracket is open.\n\nCommands:\n"
            + layout.columns(rows) + "\nKeys:\n" + layout.columns(keys)
    }

    private func showType(_ expression: String, _ session: PromptSession) async -> ExitCode {
        let names = await session.machine.names
        let loading = ProgramLoading(catalog: catalog, colour: colour)
        let source = SourceFile(name: "<type>", text: expression)
        let (_, diagnostics) = names.adding(source, loading.loader(for: source))
        let errors = diagnostics.filter { $0.severity == .error }
        loading.show(errors)
        if !errors.isEmpty { return .usage }
        Terminal.write(names.typeDescription(of: expression) + "\n", to: 1)
        return .success
    }

    private func runRecipe(_ words: [String], _ session: inout PromptSession) async -> ExitCode {
        let before = session.newestRun()
        let began = ContinuousClock.now
        let code = ExitCode(await session.relsh((session.isDry ? ["--dry-run"] : []) + words))
        session.noteTime(.now - began)
        if session.isDry { return code }
        let run = session.newestRun()
        let line = "$ relsh " + words.map(shellQuoted).joined(separator: " ")
        // One that has changed nothing is no part of what was done.
        if run != before { session.noteRun(line, run: run, code) }
        return code
    }

    private func undo(_ session: inout PromptSession) async -> ExitCode {
        if session.isDry {
            session.complain(.nothingToUndo("the dry run is on, which changes nothing: `:dry off` ends it"))
            return .failed
        }
        guard let index = session.transcript.undoable, let run = session.transcript.entries[index].run else {
            let isUnrecorded = session.transcript.entries.contains { $0.hasChanged && !$0.isUndone && $0.run == nil }
            session.complain(
                .nothingToUndo(
                    isUnrecorded
                        ? "what was changed was not recorded: because of --no-ledger, or because there is neither a project nor a home"
                        : "nothing was changed here, or all of it is taken back already"))
            return .failed
        }
        let before = session.newestRun()
        let code = ExitCode(await session.relsh(["undo", String(run)]))
        // Taking something back is a run of its own.
        if code == .success, session.newestRun() != before {
            session.transcript.markUndone(index)
        } else {
            // What has no way back must not stand in the way of what was done before it.
            session.transcript.markStaying(index)
            Terminal.write("`:undo` again takes back what was changed before that\n", to: 2)
        }
        return code
    }

    private func save(_ path: String, _ session: inout PromptSession) -> ExitCode {
        let recipe = session.transcript.recipe(catalog)
        if recipe.isEmpty {
            session.complain(.nothingToSave())
            return .failed
        }
        if LocalFiles.kind(path) != nil, !session.drafts.contains(path) {
            session.complain(.fileIsThere(path))
            return .failed
        }
        let absolute = LocalFiles.absolute(path, from: LocalFiles.workingDirectory)
        let draft = SourceFile(name: path, path: absolute, text: recipe.text(recipeName(path, recipe)))
        var text = String(decoding: draft.bytes, as: UTF8.self)
        if case .success(let formatted) = Formatter.format(draft) { text = formatted }
        do {
            try LiveFiles(workingDirectory: LocalFiles.workingDirectory).write(path, Array(text.utf8))
        } catch {
            session.complain(RuntimeError(any: error))
            return .failed
        }
        let loading = ProgramLoading(catalog: catalog, colour: colour)
        let (_, diagnostics) = loading.check(SourceFile(name: path, path: absolute, text: text))
        loading.show(diagnostics)
        if diagnostics.contains(where: { $0.severity == .error }) {
            session.drafts.insert(path)
            session.complain(.savedRecipeHasMistakes(path))
            return .usage
        }
        for name in recipe.redeclared {
            Terminal.write("relsh: `\(name)` was declared more than once: the recipe uses the last everywhere\n", to: 2)
        }
        Terminal.write("\(path) is written and checked: `relsh \(shellQuoted(path))` does it again\n", to: 1)
        return .success
    }

    /// `tools/re-tag.rel` → `re_tag`
    private func recipeName(_ path: String, _ recipe: PromptTranscript.Recipe) -> String {
        var name = Path(path).name
        if name.hasSuffix(".rel") { name.removeLast(4) }
        let words = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        let chosen = words.first.map { $0.isLetter } == true ? words.lowercased() : "saved"
        // A name that means something else already would hide it.
        let isTaken = catalog.reserves(chosen) || isKeyword(chosen) || recipe.names.contains(chosen)
        return isTaken ? "saved_\(chosen)" : chosen
    }
}

extension ExitCode {
    /// Of a relsh that was run as a program.
    fileprivate init(_ code: Int) { self = ExitCode(rawValue: Int32(truncatingIfNeeded: code)) ?? .failed }
}
