import Builtins
import Lang

/// `relsh check FILE…`: finds what is wrong without running anything.
struct CheckCommand {
    let own: OwnOptions
    let colour: Bool

    func run(_ files: [String]) -> ExitCode {
        var diagnostics: [Diagnostic] = []
        var unreadable: [(file: String, error: UsageError)] = []
        let loading = ProgramLoading(catalog: StandardCatalog.catalog, colour: colour)
        for name in files {
            do throws(UsageError) {
                let file = name == "-" ? try SourceReading.standardInput() : try SourceReading.file(name)
                diagnostics += loading.check(file).diagnostics
            } catch {
                unreadable.append((name, error))
            }
        }
        let printer = DiagnosticPrinter(colour: colour)
        if own.wantsJSON {
            let messages = unreadable.map { ($0.file, $0.error.message) }
            Terminal.write(printer.json(diagnostics, unreadable: messages), to: 1)
        } else {
            for (_, error) in unreadable { Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2) }
            for diagnostic in diagnostics { Terminal.write(printer.text(diagnostic) + "\n", to: 2) }
        }
        let isWrong = diagnostics.contains { $0.severity == .error || own.isStrict }
        return isWrong || !unreadable.isEmpty ? .usage : .success
    }
}
