import Builtins
import Lang

/// `relsh runs`, `relsh show` and `relsh log`: what the ledger has.
struct RunsCommand {
    private let own: OwnOptions
    private let colour: Bool

    init(_ own: OwnOptions, colour: Bool) {
        self.own = own
        self.colour = colour
    }

    func list() -> ExitCode {
        reporting { () throws(RuntimeError) in
            let ledger = try Self.ledger()
            defer { ledger.close() }
            let runs = ledger.exists ? try RunSummary.list(ledger, most: own.count) : []
            Terminal.write(RunText(colour: usesColour).list(runs), to: 1)
        }
    }

    func content(_ digest: String) -> ExitCode {
        reporting { () throws(RuntimeError) in
            let ledger = try Self.ledger()
            defer { ledger.close() }
            Terminal.write(try KeptContent.bytes(digest, in: ledger), to: 1)
        }
    }

    func show(_ name: String?) -> ExitCode {
        reporting { () throws(RuntimeError) in
            let ledger = try Self.ledger()
            defer { ledger.close() }
            let report = try RunReport.load(try RunSummary.named(name, in: ledger), from: ledger)
            Terminal.write(own.wantsJSON ? report.json : RunText(colour: usesColour).show(report), to: 1)
        }
    }

    func log(_ name: String, _ step: String) -> ExitCode {
        reporting { () throws(RuntimeError) in
            let ledger = try Self.ledger()
            defer { ledger.close() }
            let report = try RunReport.load(try RunSummary.named(name, in: ledger), from: ledger)
            let effects = report.effects(under: try report.step(step))
            for effect in effects {
                guard let output = effect.output else { continue }
                Terminal.write("# \(effect.call)\n\(output)\n", to: 1)
            }
        }
    }

    private var usesColour: Bool {
        ProgressOptions.wantsColour(isOff: own.isColourOff, environment: World.inheritedEnvironment(), descriptor: 1)
    }

    private func reporting(_ body: () throws(RuntimeError) -> Void) -> ExitCode {
        do throws(RuntimeError) {
            try body()
            return .success
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .usage
        }
    }

    /// That of the project, or the one that RELSH_LEDGER names; elsewhere what was typed at a prompt is in the user's own.
    static func ledger() throws(RuntimeError) -> Ledger {
        let directory = World.currentDirectory()
        let place = LedgerPlace.find(
            environment: World.inheritedEnvironment(), workingDirectory: directory,
            files: LiveFiles(workingDirectory: directory))
        if let place { return Ledger(place) }
        guard let own = PromptHistory.ledger(World.inheritedEnvironment()), LocalFiles.kind(own.path) != nil else {
            throw RuntimeError(.world, .noLedgerPlace())
        }
        return Ledger(own)
    }
}
