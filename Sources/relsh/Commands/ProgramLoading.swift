import Builtins
import Lang

/// Reads a program with everything it imports, and says what is wrong with it.
struct ProgramLoading {
    let catalog: Catalog
    let colour: Bool

    /// - Parameter showsWarnings: false for help, where nothing runs that they could be about, and with `--quiet`.
    /// - Returns: nil where the program must not run; its errors have been printed.
    func load(_ entry: SourceFile, showsWarnings: Bool = true) -> ResolvedProgram? {
        let (program, diagnostics) = check(entry)
        show(diagnostics.filter { showsWarnings || $0.severity == .error })
        return diagnostics.contains { $0.severity == .error } ? nil : program
    }

    func show(_ diagnostics: [Diagnostic]) {
        let printer = DiagnosticPrinter(colour: colour)
        for diagnostic in diagnostics { Terminal.write(printer.text(diagnostic) + "\n", to: 2) }
    }

    func check(_ entry: SourceFile) -> (program: ResolvedProgram, diagnostics: [Diagnostic]) {
        loader(for: entry).load(entry: entry)
    }

    /// What reads the files that `entry` imports.
    func loader(for entry: SourceFile) -> ModuleLoader {
        let root = projectRoot(of: entry)
        let directory = LocalFiles.workingDirectory
        // The recipes of relsh itself import nothing else, and have been checked before relsh was shipped.
        let isShipped = entry.path.hasPrefix("std/")
        return ModuleLoader(
            catalog: catalog, projectRoot: root, checksTypes: !isShipped
        ) { path throws(ImportFailure) in
            try SourceReading.imported(
                path, root: root, shipped: StandardRecipes.files, workingDirectory: directory)
        }
    }

    /// Imports stay inside the project of the file that is run; a file that is in none may import from anywhere.
    private func projectRoot(of entry: SourceFile) -> String? {
        guard entry.path.hasPrefix("/") else { return nil }
        let root = RecipeFinder(workingDirectory: Path(entry.path).parent.text).projectRoot
        return root == "/" ? nil : root
    }
}
