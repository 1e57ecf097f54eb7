import Builtins
import Glibc
import Lang

/// The command line. Each action is a file in Commands/; whatever ends relsh goes through here.
@main
struct Relsh {
    static func main() async {
        Terminal.surviveClosedPipes()
        let code = await run()
        exit(code.rawValue)
    }

    private static func run() async -> ExitCode {
        let environment = World.inheritedEnvironment()
        var colour = false
        do throws(UsageError) {
            colour = ProgressOptions.wantsColour(isOff: false, environment: environment)
            let invocation = try Invocation.parse(try ProgramArguments.read()) { LocalFiles.kind($0) != nil }
            colour = ProgressOptions.wantsColour(isOff: invocation.own.isColourOff, environment: environment)
            return try await perform(invocation, colour: colour)
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .usage
        }
    }

    private static func perform(_ invocation: Invocation, colour: Bool) async throws(UsageError) -> ExitCode {
        switch invocation.action {
        case .help:
            Terminal.write(HelpText(width: width).relsh(), to: 1)
        case .nothing:
            Terminal.write(HelpText(width: width).relsh(), to: 2)
            return .usage
        case .version:
            Terminal.write("relsh \(relshVersion)\n", to: 1)
        case .list:
            return listRecipes()
        case .check(let files):
            return CheckCommand(own: invocation.own, colour: colour).run(files)
        case .format(let files):
            return FormatCommand(own: invocation.own, colour: colour).run(files)
        case .doc(let name):
            let command = DocCommand(catalog: StandardCatalog.catalog, width: width)
            Terminal.write(try command.text(name, asMarkdown: invocation.own.wantsMarkdown), to: 1)
        case .evaluate(let text):
            let source = SourceFile(name: "<expression>", text: text)
            return try await RunCommand(invocation.own, colour: colour).evaluate(source)
        case .run(let target):
            return try await RunCommand(invocation.own, colour: colour).run(target, invocation.arguments)
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
