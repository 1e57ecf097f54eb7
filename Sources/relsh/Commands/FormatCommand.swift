import Builtins
import Lang

/// `relsh fmt [--check] FILE…`: writes files in the one style of the language, and names those that were not.
///
/// Ends with 1 if `--check` finds a file that would change, and with 2 if a file could not be read, parsed or written;
/// such a file stays as it is, and the others are still seen to.
struct FormatCommand {
    let own: OwnOptions
    let colour: Bool
    var workingDirectory = LocalFiles.workingDirectory

    private enum Outcome { case unchanged, changed, failed }

    /// `-n` changes nothing either: it promises that everywhere.
    private var onlyChecks: Bool { own.onlyChecks || own.isDryRun }

    func run(_ names: [String]) -> ExitCode {
        var outcomes: [Outcome] = []
        var unreadable: [UsageError] = []
        let files = names.flatMap { self.files($0, &unreadable) }
        for error in unreadable {
            report(ErrorPrinter(colour: colour).text(error))
            outcomes.append(.failed)
        }
        for name in files {
            do throws(UsageError) {
                outcomes.append(name == "-" ? try formatInput() : try formatFile(name))
            } catch {
                report(ErrorPrinter(colour: colour).text(error))
                outcomes.append(.failed)
            }
        }
        if outcomes.contains(.failed) { return .usage }
        return onlyChecks && outcomes.contains(.changed) ? .failed : .success
    }

    /// The recipe files in a directory and those below it, without hidden ones and without following links; any other
    /// name stands for itself.
    private func files(_ name: String, _ unreadable: inout [UsageError]) -> [String] {
        let directory = LocalFiles.absolute(name, from: workingDirectory)
        guard name != "-", LocalFiles.kind(directory) == .directory else { return [name] }
        let disk = LiveFiles(workingDirectory: directory)
        var found: [String] = []
        let entries: [String]
        do throws(LocalFiles.Failure) {
            entries = try LocalFiles.list(directory)
        } catch {
            unreadable.append(UsageError(.unreadableFile(FileName.shown(name), error)))
            return []
        }
        for entry in entries where !entry.hasPrefix(".") {
            guard let status = disk.status(entry), !status.isSymbolicLink, !status.isSpecial else { continue }
            let path = Path(name).joined(entry).text
            if status.isDirectory {
                found += files(path, &unreadable)
            } else if entry.hasSuffix(".rel") {
                if let stray = FileName.stray(in: path) {
                    unreadable.append(UsageError(stray.message))
                } else {
                    found.append(path)
                }
            }
        }
        return found
    }

    private func formatInput() throws(UsageError) -> Outcome {
        let file = try SourceReading.standardInput()
        guard let text = formatted(file) else { return .failed }
        let isChanged = Array(text.utf8) != file.bytes
        if !onlyChecks {
            Terminal.write(text, to: 1)
        } else if isChanged {
            Terminal.write(file.name + "\n", to: 1)
        }
        return isChanged ? .changed : .unchanged
    }

    private func formatFile(_ name: String) throws(UsageError) -> Outcome {
        let file = try SourceReading.file(name, workingDirectory: workingDirectory)
        guard let text = formatted(file) else { return .failed }
        let content = Array(text.utf8)
        guard content != file.bytes else { return .unchanged }
        if !onlyChecks, !write(content, to: name) { return .failed }
        Terminal.write(name + "\n", to: 1)
        return .changed
    }

    /// Nil, after saying why, for a file that does not parse.
    private func formatted(_ file: SourceFile) -> String? {
        switch Formatter.format(file) {
        case .success(let text): return text
        case .failure(let failure):
            let printer = DiagnosticPrinter(colour: colour)
            for diagnostic in failure.diagnostics { report(printer.text(diagnostic) + "\n") }
            return nil
        }
    }

    private func write(_ content: [UInt8], to name: String) -> Bool {
        do {
            try LiveFiles(workingDirectory: workingDirectory).write(name, content)
            return true
        } catch {
            report((error as? RuntimeError).map { ErrorPrinter(colour: colour).text($0) } ?? "\(error)\n")
            return false
        }
    }

    private func report(_ text: String) { Terminal.write(text, to: 2) }
}
