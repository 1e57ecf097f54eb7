import Builtins
import Lang

/// `relsh apply`: runs the recipe of a plan, and keeps to it.
struct ApplyCommand {
    private let own: OwnOptions
    private let colour: Bool

    init(_ own: OwnOptions, colour: Bool) {
        self.own = own
        self.colour = colour
    }

    func run(_ file: String) async throws(UsageError) -> ExitCode {
        if let setting = own.settings.first { throw UsageError(.settingOfApply(setting.key)) }
        if own.isDryRun { throw UsageError(.dryRunOfApply()) }
        let directory = World.currentDirectory()
        let path = Path(directory).joined(file).text
        let plan: Plan
        do {
            let files = LiveFiles(workingDirectory: directory)
            plan = try Plan(json: String(decoding: try files.read(path), as: UTF8.self), path: file)
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(RuntimeError(any: error)), to: 2)
            return .usage
        }
        let root = (try? ProjectFile.root(from: directory, files: LiveFiles(workingDirectory: directory))) ?? directory
        let start = Path(root).joined(plan.directory).text
        guard LocalFiles.enter(start) else { throw UsageError(.planDirectoryMissing(plan.directory, in: root)) }
        var own = own
        own.settings = plan.settings(in: root).compactMap(OwnOptions.Setting.init)
        let followed = FollowedPlan(path: path, plan: plan)
        let command = RunCommand(own, colour: colour, plan: followed)
        let words = plan.words(in: root)
        if words.first == "-e", words.count == 2 {
            return try await command.evaluate(SourceFile(name: "<expression>", text: words[1]))
        }
        let invocation = try Invocation.parse(words, exists: RecipeFinder.isProgram)
        guard case .run(let target) = invocation.action else {
            throw UsageError(.planUnreadable(file, "its `words` name no recipe"))
        }
        return try await command.run(target, invocation.arguments)
    }
}
