import Builtins
import Lang

// What begins with a colon.

extension ReplCommand {
    /// Nil to leave.
    func perform(_ line: String, _ session: inout PromptSession) async -> ExitCode? {
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
        for left in recipe.leftOut { Terminal.write("relsh: left out: \(left)\n", to: 2) }
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
