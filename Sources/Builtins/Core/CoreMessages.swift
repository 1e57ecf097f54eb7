package import Lang

// MARK: - Environment

extension Message {
    package static func noEnvironmentVariable(_ name: String, isEmpty: Bool, suggestion: String?) -> Message {
        Message(
            "the environment variable \(name) must be set, but is \(isEmpty ? "empty" : "not")",
            help: (suggestion.map { "did you mean \($0)? " } ?? "") + "run `export \(name)=…` before relsh")
    }
}

// MARK: - Files

extension Message {
    package static func fileNotRead(_ path: String, _ reason: String, help: String?) -> Message {
        Message("cannot read \(FileName.shown(path)): \(reason)", help: help)
    }

    package static func fileNotWritten(_ path: String, _ reason: String, help: String?) -> Message {
        Message("cannot write \(FileName.shown(path)): \(reason)", help: help)
    }

    package static func fileTooLarge(_ path: String, bytes: Int, limit: Int) -> Message {
        Message(
            "cannot read \(FileName.shown(path)): it has \(Size(bytes: bytes).literal), and a value may have \(Size(bytes: limit).literal)",
            help: "use a program that reads it piece by piece, for example `$(tail -n 100 \(path))`")
    }

    package static func fileNotText(_ path: String) -> Message {
        Message(
            "cannot read \(FileName.shown(path)) as text: it is not UTF-8",
            help: "convert it first, for example with `iconv`")
    }

    /// - Parameters: both as `FileName` keeps them.
    package static func nameNotText(_ name: String, in directory: String) -> Message {
        Message(
            "a name in \(FileName.shown(directory)) is not UTF-8, which text in recipes is: \(FileName.shown(name))",
            help: "rename it, for example with `mv -- \(FileName.quoted(Path(directory).joined(name).text)) NEW_NAME`")
    }

    package static func fileNotRemoved(_ path: String, _ reason: String, help: String?) -> Message {
        Message("cannot remove \(FileName.shown(path)): \(reason)", help: help)
    }

    package static func directoryNotListed(_ path: String, _ reason: String, help: String?) -> Message {
        Message("cannot list \(FileName.shown(path)): \(reason)", help: help)
    }

    package static func directoryNotCreated(_ path: String, _ reason: String, help: String?) -> Message {
        Message("cannot create the directory \(FileName.shown(path)): \(reason)", help: help)
    }

    package static func nulInPath(_ path: String) -> Message {
        Message("a path must not contain a NUL byte, but \(Value.string(path).literal) does")
    }

    package static func noHomeDirectory() -> Message {
        Message("the home directory is not known: HOME is not set", help: "run `export HOME=…` before relsh")
    }

    package static func globTooLarge(_ pattern: String, limit: Int) -> Message {
        Message(
            "`\(pattern)` looked at more than \(limit) files and directories",
            help: "begin the pattern with the directory that is meant")
    }
}
