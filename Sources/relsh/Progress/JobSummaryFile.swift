import Builtins
import Lang

/// The summary of a job, and the file that GitHub Actions wants it in.
struct JobSummaryFile: Sendable {
    let page: JobSummary
    private let path: String

    /// Nil where nobody asks for one.
    init?(words: [String], environment: [String: String]) {
        guard let path = environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return nil }
        page = JobSummary(words: words)
        self.path = path
    }

    /// That it cannot be written is no reason to call a run failed.
    func write(_ error: RuntimeError?) {
        let text = Array(page.markdown(error).utf8)
        let files = LiveFiles(workingDirectory: World.currentDirectory())
        if (try? files.append(path, text)) == nil {
            Terminal.write("relsh: the summary could not be written to \(path)\n", to: 2)
        }
    }
}
