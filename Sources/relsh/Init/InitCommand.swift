import Builtins
import Lang

/// `relsh init`: looks at a repository, and writes what a team begins with. It overwrites nothing, and says what it found.
struct InitCommand {
    let own: OwnOptions
    let colour: Bool
    var directory = LocalFiles.workingDirectory
    /// Today, as changelogs write it.
    let date: String

    private var files: LiveFiles { LiveFiles(workingDirectory: directory) }

    func run() -> ExitCode {
        let survey = ProjectSurvey(directory, files: files)
        let found = InitText(survey).found
        if let above = try? ProjectFile.root(from: directory, files: files) {
            let place = Path(above).joined(ProjectFile.name).text
            Terminal.write(ErrorPrinter(colour: colour).text(UsageError(.projectIsThere(place))), to: 2)
            return .failed
        }
        let all = FirstFiles(survey: survey, date: date).all
        if let obstacle = obstacle(for: all.map(\.path)) {
            Terminal.write(ErrorPrinter(colour: colour).text(UsageError(obstacle)), to: 2)
            return .failed
        }
        Terminal.write(found, to: 1)
        var isWhole = true
        for (path, text) in all { isWhole = write(path, text) && isWhole }
        if isWhole, !own.isDryRun { Terminal.write(InitText(survey).next, to: 1) }
        return isWhole ? .success : .failed
    }

    /// What stands where a file, or the directory it is in, is to be.
    private func obstacle(for paths: [String]) -> Message? {
        for path in paths {
            let folder = Path(path).parent.text
            if files.status(path)?.isDirectory == true { return .inTheWay(path, of: "a file") }
            if files.status(folder)?.isDirectory == false { return .inTheWay(folder, of: "a directory") }
        }
        return nil
    }

    /// - Returns: false where it could not be written; a file that is there is kept.
    private func write(_ path: String, _ text: String) -> Bool {
        if files.status(path) != nil {
            Terminal.write("kept         \(path), which is there already\n", to: 1)
            return true
        }
        if own.isDryRun {
            Terminal.write("would write  \(path)\n", to: 1)
            return true
        }
        do {
            let folder = Path(path).parent
            if folder.text != "." { try files.createDirectory(folder.text) }
            try files.write(path, Array(text.utf8))
            Terminal.write("wrote        \(path)\n", to: 1)
            return true
        } catch {
            let text = (error as? RuntimeError).map { ErrorPrinter(colour: colour).text($0) } ?? "\(error)\n"
            Terminal.write(text, to: 2)
            return false
        }
    }
}
