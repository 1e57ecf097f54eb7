/// A path as it was written; relative ones are relative to the directory relsh was started in.
package struct Path: Sendable, Hashable {
    package let text: String
    package init(_ text: String) { self.text = text }

    private var parts: [Substring] { text.split(separator: "/", omittingEmptySubsequences: true) }

    /// The last component; `/` for the root, `.` for the empty path.
    package var name: String { parts.last.map(String.init) ?? (text.hasPrefix("/") ? "/" : ".") }

    /// The extension without its dot; empty where there is none (`.gitignore` has none).
    package var fileExtension: String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex, name != ".." else { return "" }
        return String(name[name.index(after: dot)...])
    }

    package var stem: String {
        fileExtension.isEmpty ? name : String(name.dropLast(fileExtension.count + 1))
    }

    package var parent: Path {
        let kept = parts.dropLast().joined(separator: "/")
        if text.hasPrefix("/") { return Path("/" + kept) }
        return Path(kept.isEmpty ? "." : kept)
    }

    /// `a/./b/../c/` is `a/c`. Leading `..` stay in a relative path; what is left of `a/..` is empty. Decided on the text alone.
    package static func normalised(_ text: String) -> String {
        let isAbsolute = text.hasPrefix("/")
        var parts: [Substring] = []
        for part in text.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        // Added up by hand: `joined` costs every start more than all the rest of this.
        var normal = isAbsolute ? "/" : ""
        for (index, part) in parts.enumerated() {
            if index > 0 { normal += "/" }
            normal += part
        }
        return normal
    }

    /// `other` seen from here; an absolute `other` stands for itself.
    package func joined(_ other: String) -> Path {
        if other.hasPrefix("/") || text.isEmpty || text == "." { return Path(other) }
        return Path(text.hasSuffix("/") ? text + other : text + "/" + other)
    }
}

/// One of the project's registries.
package struct Registry: Sendable, Hashable {
    /// The name that options take: `aws_ecr.ck`, `ghcr`.
    package let name: String
    /// What stands before the image's name: `127.0.0.1:5001/team`.
    package let base: String
    /// The stages it gets: `local`, `dev`, `prod`.
    package let stages: [String]
    /// The user to log in as, where the registry asks for one.
    package let username: String?
    /// The environment variable that holds the password.
    package let passwordEnvironment: String?
    /// How to log in: `none`, `password` or `ecr`.
    package let login: String
    /// `http` or `https` where the project says so; otherwise it follows from the host.
    package let scheme: String?

    package init(
        name: String, base: String, stages: [String], username: String?, passwordEnvironment: String?, login: String,
        scheme: String? = nil
    ) {
        self.name = name
        self.base = base
        self.stages = stages
        self.username = username
        self.passwordEnvironment = passwordEnvironment
        self.login = login
        self.scheme = scheme
    }

    package var host: String { String(base.prefix { $0 != "/" }) }
}

/// Text that must not be seen. It shows as `•••`; only `.reveal()` gives it out.
package struct Secret: Sendable, Hashable {
    package let text: String
    /// Where it came from (`env GHCR_TOKEN`), which is what may be recorded of it.
    package let source: String
    package init(_ text: String, source: String) {
        self.text = text
        self.source = source
        KnownSecrets.current.note(text)
    }
    package static let mask = "•••"
}

/// What a program left behind.
package struct CommandResult: Sendable {
    package let exitCode: Int
    package let stdout: String
    package let stderr: String
    package let duration: Duration
    package init(exitCode: Int, stdout: String, stderr: String, duration: Duration) {
        self.exitCode = exitCode
        self.stdout = stdout
        self.stderr = stderr
        self.duration = duration
    }
}
