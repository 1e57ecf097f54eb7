package import Lang

/// What can be told of a repository that has no `relsh.toml` yet, by looking at its files alone.
package struct ProjectSurvey: Sendable {
    /// A suite of tests that could be run.
    package struct Suite: Sendable, Hashable {
        package let name: String
        package let command: [String]
        /// Outside of the image, as its user would.
        package let isOutside: Bool
        /// Outside, and given the image in a variable: no option for it is known.
        package var readsImage: Bool { isOutside && command.first == "env" }
    }

    /// The one that was looked at, absolute.
    package let directory: String
    /// From the git remote, or the directory.
    package let name: String
    /// The address of origin; nil where there is none.
    package let remote: String?
    /// `OWNER` where origin is on GitHub.
    package let owner: String?
    /// Relative to the directory, as all paths here; nil where there is none.
    package let devDockerfile: String?
    package let prodDockerfile: String?
    package let changelog: String?
    /// Nil where the changelog is missing, empty or written otherwise.
    package let newest: Version?
    package let suites: [Suite]
    /// What tells of the suites: `pytest.ini`.
    package let suitesFrom: String?

    /// - Parameters:
    ///   - directory: absolute; what `files` takes relative paths to be relative to.
    package init(_ directory: String, files: some FileAccess) {
        let look = RepositoryLook(files: files)
        self.directory = directory
        remote = look.remote
        let parts = (look.remote ?? "").split { "/:".contains($0) }.map(String.init)
        let isGitHub = look.remote?.contains("github.com") == true
        owner = isGitHub && parts.count >= 2 ? parts[parts.count - 2].lowercased() : nil
        name = Self.imageName(parts.last ?? Path(directory).name)
        devDockerfile = look.first(
            "devops/docker_build/dev.Dockerfile", "docker/dev.Dockerfile", "dev.Dockerfile", "Dockerfile.dev",
            "Dockerfile")
        prodDockerfile = look.first(
            "devops/docker_build/prod.Dockerfile", "docker/prod.Dockerfile", "prod.Dockerfile", "Dockerfile.prod")
        changelog = look.first("changelog.txt", "CHANGELOG.txt", "CHANGELOG.md", "changelog.md", "CHANGES.md")
        newest = changelog.flatMap { path in
            look.text(path).flatMap {
                try? ChangelogFile(SourceFile(name: path, path: path, text: $0)).entries.first?.version
            }
        }
        (suites, suitesFrom) = look.suites
    }

    /// As images are named: lowercase, without `.git`.
    private static func imageName(_ text: String) -> String {
        let plain = text.hasSuffix(".git") ? String(text.dropLast(4)) : text
        let name = plain.lowercased().map { $0.isLetter && $0.isASCII || $0.isNumber && $0.isASCII ? $0 : "-" }
        let trimmed = String(name).split(separator: "-").joined(separator: "-")
        return trimmed.isEmpty ? "my-image" : trimmed
    }
}

/// Looks at the files of one directory, to which paths are relative.
private struct RepositoryLook<Files: FileAccess> {
    let files: Files

    func text(_ path: String) -> String? {
        guard files.status(path)?.isDirectory == false, let bytes = try? files.read(path) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    func first(_ paths: String...) -> String? { paths.first { files.status($0)?.isDirectory == false } }

    /// From git's own file: no program is needed for it.
    var remote: String? {
        var isOrigin = false
        for line in (text(".git/config") ?? "").split(whereSeparator: \.isNewline).map({ String($0).trimmed }) {
            if line.hasPrefix("[") { isOrigin = line == "[remote \"origin\"]" }
            if isOrigin, line.hasPrefix("url"), let equals = line.firstIndex(of: "=") {
                return String(line[line.index(after: equals)...]).trimmed
            }
        }
        return nil
    }

    // MARK: - Tests

    var suites: ([ProjectSurvey.Suite], String?) {
        if let (path, text) = pytest { return (pytestSuites(text), path) }
        let others: [(file: String, needs: String, command: [String])] = [
            ("package.json", "\"test\"", ["npm", "test"]), ("Cargo.toml", "", ["cargo", "test"]),
            ("go.mod", "", ["go", "test", "./..."]), ("Package.swift", ".testTarget", ["swift", "test"]),
            ("Makefile", "\ntest:", ["make", "test"]),
        ]
        for other in others {
            guard let text = text(other.file), other.needs.isEmpty || ("\n" + text).contains(other.needs) else {
                continue
            }
            return ([.init(name: "fast", command: other.command, isOutside: false)], other.file)
        }
        return ([], nil)
    }

    /// The file that says that pytest is used, and what it says.
    private var pytest: (String, String)? {
        for path in ["pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini"] {
            if let text = text(path), path == "pytest.ini" || text.contains("pytest") { return (path, text) }
        }
        for folder in ["test", "tests"] where (try? files.list(folder))?.contains(where: isTest) == true {
            return (folder, "")
        }
        return nil
    }

    private func isTest(_ name: String) -> Bool { name.hasPrefix("test_") && name.hasSuffix(".py") }

    /// One suite for each mark that the house knows, and the fast ones are the rest.
    private func pytestSuites(_ settings: String) -> [ProjectSurvey.Suite] {
        let known = ["slow", "superslow", "qa"]
        let marks = known.filter { mark in
            settings.split(whereSeparator: \.isNewline).contains {
                let line = String($0).trimmed
                return line.hasPrefix(mark + ":") || line.hasPrefix("\"\(mark):") || line == mark
                    || line.hasSuffix("= \(mark):") || line.contains("= \(mark): ")
            }
        }
        let rest = marks.map { "not \($0)" }.joined(separator: " and ")
        let pytest = ["python3", "-m", "pytest", "-q"]
        let fast = ProjectSurvey.Suite(
            name: "fast", command: pytest + (rest.isEmpty ? [] : ["-m", rest]), isOutside: false)
        return [fast]
            + marks.map { mark in
                let command = pytest + ["-m", mark]
                return .init(name: mark, command: mark == "qa" ? outside(command) : command, isOutside: mark == "qa")
            }
    }

    /// With the image to test, as the options of the project's own take it; in the variable IMAGE where there are none.
    private func outside(_ pytest: [String]) -> [String] {
        let options = ["conftest.py", "test/conftest.py", "tests/conftest.py"].compactMap(text).joined()
        func takes(_ option: String) -> Bool { ["\"", "'"].contains { options.contains($0 + option + $0) } }
        return (takes("--image") ? [] : ["env", "IMAGE={image}"]) + pytest
            + (takes("--image_stage") ? ["--image_stage", "{stage}"] : [])
            + (takes("--image") ? ["--image", "{image}"] : [])
    }
}
