import Builtins
import Glibc
import Lang

/// The command line. Each action is a file in Commands/; whatever ends relsh goes through here.
@main
struct Relsh {
    /// Not `async` itself: starting the concurrency runtime costs more than a small expression.
    static func main() {
        Terminal.reserveDescriptors()
        Terminal.surviveClosedPipes()
        let environment = World.inheritedEnvironment()
        var colour = ProgressOptions.wantsColour(isOff: false, environment: environment)
        do throws(UsageError) {
            let invocation = try Invocation.parse(try ProgramArguments.read(), exists: RecipeFinder.isProgram)
            colour = ProgressOptions.wantsColour(isOff: invocation.own.isColourOff, environment: environment)
            if case .evaluate(let text) = invocation.action, let code = evaluateAlone(text, invocation.own, colour) {
                exit(ending(code, colour: colour).rawValue)
            }
            LiveMemory.takeFromOnePlace()
            Task.detached { [colour] in
                let code = await finish(invocation, colour: colour)
                await ChildGuard.end()
                exit(ending(code, colour: colour).rawValue)
            }
            // The task ends the process.
            while true { pause() }
        } catch {
            exit(report(error, colour: colour).rawValue)
        }
    }

    private static func finish(_ invocation: Invocation, colour: Bool) async -> ExitCode {
        do throws(UsageError) {
            return try await perform(invocation, colour: colour)
        } catch {
            return report(error, colour: colour)
        }
    }

    /// Whoever reads what was printed must not take a part of it for all.
    private static func ending(_ code: ExitCode, colour: Bool) -> ExitCode {
        let reason = Terminal.lostOutput.load(ordering: .relaxed)
        if reason == 0 { return code }
        let message = Message.outputLost(LocalFiles.Failure(code: reason).reason)
        Terminal.write(ErrorPrinter(colour: colour).text(UsageError(message)), to: 2)
        return code == .success ? .failed : code
    }

    private static func report(_ error: UsageError, colour: Bool) -> ExitCode {
        Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
        return .usage
    }

    /// An expression that needs nothing from the world; nil where it does.
    private static func evaluateAlone(_ text: String, _ own: OwnOptions, _ colour: Bool) -> ExitCode? {
        if own.isDryRun || own.maximumSteps != nil || own.maximumTime != nil { return nil }
        return RunCommand(own, colour: colour).evaluateAlone(SourceFile(name: "<expression>", text: text))
    }

    private static func perform(_ invocation: Invocation, colour: Bool) async throws(UsageError) -> ExitCode {
        if invocation.action.needsDirectory { try LocalFiles.expectWorkingDirectory() }
        switch invocation.action {
        case .help:
            Terminal.write(HelpText(width: width).relsh(), to: 1)
        case .commandHelp(let command):
            Terminal.write(HelpText(width: width).command(command), to: 1)
        case .nothing:
            return await ReplCommand(invocation.own, colour: colour).run()
        case .version:
            Terminal.write("relsh \(relshVersion)\n", to: 1)
        case .list:
            return listRecipes()
        case .check(let files):
            return CheckCommand(own: invocation.own, colour: colour).run(files)
        case .format(let files):
            return FormatCommand(own: invocation.own, colour: colour).run(files)
        case .initialise:
            let date = String(CalendarTime(secondsSince1970: LiveClock().now()).date)
            return InitCommand(own: invocation.own, colour: colour, date: date).run()
        case .doc(let name):
            let command = DocCommand(catalog: StandardCatalog.catalog, width: width)
            Terminal.write(try command.text(name, asMarkdown: invocation.own.wantsMarkdown), to: 1)
        case .evaluate(let text):
            let source = SourceFile(name: "<expression>", text: text)
            return try await RunCommand(invocation.own, colour: colour).evaluate(source)
        case .runs, .show, .log, .resume, .undo, .apply:
            return try await ledger(invocation, colour: colour)
        case .explain(let target):
            return try await ExplainCommand(invocation.own, colour: colour).run(target, invocation.arguments)
        case .run(let target):
            return try await RunCommand(invocation.own, colour: colour).run(target, invocation.arguments)
        }
        return .success
    }

    private static func ledger(_ invocation: Invocation, colour: Bool) async throws(UsageError) -> ExitCode {
        let own = invocation.own
        let runs = RunsCommand(own, colour: colour)
        switch invocation.action {
        case .runs where own.unlocks: return await LockCommand(own, colour: colour).unlock()
        case .runs where own.showsLocks: return await LockCommand(own, colour: colour).show()
        case .runs: return runs.list()
        case .show(let run):
            guard let digest = own.content else { return runs.show(run) }
            if let run { throw UsageError(.unexpectedWord(run, help: "relsh show --content \(digest)")) }
            return runs.content(digest)
        case .log(let run, let step): return runs.log(run, step)
        case .resume(let run): return try await ResumeCommand(own, colour: colour).run(run)
        case .apply(let file): return try await ApplyCommand(own, colour: colour).run(file)
        case .undo(let run): return await UndoCommand(own, colour: colour).run(run)
        default: break
        }
        return .success
    }

    private static func listRecipes() -> ExitCode {
        let (entries, conflicts) = RecipeFinder().all()
        Terminal.write(RecipeList(entries: entries, width: width).text(), to: 1)
        for conflict in conflicts { Terminal.write(ErrorPrinter(colour: false).text(conflict), to: 2) }
        return conflicts.isEmpty ? .success : .usage
    }

    private static var width: Int { Terminal.size(1)?.width ?? 80 }
}

/// As CHANGELOG.md has it; a test compares them.
let relshVersion = "0.1.0"
