import Glibc

/// This machine: where things are, and programs of it.
enum Host {
    /// The root of the package, which `swift test` is run in.
    static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/")
    }()

    static let relsh = environment["RELSH_BIN"] ?? "\(root)/.build/release/relsh"

    /// What this process was given.
    static let environment: [String: String] = {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let pair = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
            next += 1
        }
        return variables
    }()

    /// The environment of relsh: this one without what would change how it looks or who it thinks is there.
    static var clean: [String: String] {
        var variables = environment
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "TERM", "LC_ALL"] { variables[name] = nil }
        variables["USER"] = "tester"
        variables["LANG"] = "C.UTF-8"
        return variables
    }

    /// Runs a program that has to succeed, and gives its standard output without the final newline.
    @discardableResult
    static func run(
        _ program: String, _ arguments: String..., in directory: String = "/", input: String = ""
    ) async throws -> String {
        let finished = try await start(program, arguments, in: directory, input: input).wait()
        guard finished.code == 0 else { throw SetUpFailure("\(finished)") }
        return finished.value
    }

    private static func start(
        _ program: String, _ arguments: [String], in directory: String, input: String
    ) throws -> Running {
        try Running(
            program, arguments, in: directory, environment: environment, input: .bytes(Array(input.utf8)))
    }

    /// What shows relsh to be built; every test needs it.
    static func requireRelsh() throws {
        guard access(relsh, X_OK) == 0 else {
            throw SetUpFailure("\(relsh) is missing: build it with `make build`, or name another in RELSH_BIN")
        }
    }

    /// Runs relsh to its end.
    static func relsh(
        _ arguments: String..., in directory: String = TemporaryFiles.directory, environment: [String: String] = clean,
        input: Running.Input = .none, limit: Duration = .seconds(120)
    ) async throws -> Finished {
        try await relsh(arguments, in: directory, environment: environment, input: input, limit: limit)
    }

    static func relsh(
        _ arguments: [String], in directory: String = TemporaryFiles.directory, environment: [String: String] = clean,
        input: Running.Input = .none, limit: Duration = .seconds(120)
    ) async throws -> Finished {
        try requireRelsh()
        let running = try Running(relsh, arguments, in: directory, environment: environment, input: input)
        return try await running.wait(limit: limit)
    }
}
