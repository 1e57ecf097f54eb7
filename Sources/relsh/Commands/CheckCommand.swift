import Builtins
import Lang

/// `relsh check FILE…`: finds what is wrong without running anything.
struct CheckCommand {
    let own: OwnOptions
    let colour: Bool

    func run(_ files: [String]) -> ExitCode {
        var diagnostics: [Diagnostic] = []
        var isUnreadable = false
        let loading = ProgramLoading(catalog: StandardCatalog.catalog, colour: colour)
        for name in files {
            do throws(UsageError) {
                let file = name == "-" ? try SourceReading.standardInput() : try SourceReading.file(name)
                diagnostics += loading.check(file).diagnostics
            } catch {
                Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
                isUnreadable = true
            }
        }
        let printer = DiagnosticPrinter(colour: colour)
        if own.wantsJSON {
            Terminal.write(printer.json(diagnostics) + "\n", to: 1)
        } else {
            for diagnostic in diagnostics { Terminal.write(printer.text(diagnostic) + "\n", to: 2) }
        }
        let isWrong = diagnostics.contains { $0.severity == .error || own.isStrict }
        return isWrong || isUnreadable ? .usage : .success
    }
}
