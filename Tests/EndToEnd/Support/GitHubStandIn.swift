import Glibc

/// `gh-stand-in.py` under the name of gh.
struct GitHubStandIn: Sendable {
    /// What makes relsh find it.
    let environment: [String: String]
    private let directory: String

    /// - Parameter issues: titles by number.
    init(issues: [Int: String] = [:]) throws {
        directory = TemporaryFiles.newDirectory("gh")
        mkdir(directory + "/bin", 0o700)
        symlink("\(Host.root)/Tests/EndToEnd/Support/gh-stand-in.py", directory + "/bin/gh")
        let entries = issues.map { "\"\($0)\": {\"number\": \($0), \"title\": \"\($1)\", \"state\": \"OPEN\"}" }
        try writeFile(directory + "/issues.json", "{\(entries.joined(separator: ", "))}")
        environment = [
            "GH_STAND_IN": directory, "PATH": "\(directory)/bin:\(Host.environment["PATH"] ?? "/usr/bin:/bin")",
        ]
    }

    /// Each call as a JSON list of its words, a line each.
    var calls: [String] { readText(directory + "/calls.jsonl").split(separator: "\n").map(String.init) }
    var pullRequests: String { readText(directory + "/pulls.json") }
}
