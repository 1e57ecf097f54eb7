import Glibc

/// Real programs, each behind a script that writes down what it was started with: its command line and its environment.
/// However briefly one runs, it is seen.
struct RecordedPrograms {
    /// Stands in memory, outside of all that is searched for secrets.
    private let place = "/dev/shm/relsh-e2e-\(getpid())-\(UInt32.random(in: .min ... .max))-programs"

    /// - Parameter names: Of programs in the PATH of the tests.
    init(_ names: [String]) async throws {
        mkdir(place, 0o700)
        mkdir(place + "/bin", 0o700)
        mkdir(place + "/seen", 0o700)
        let cat = try await Host.run("sh", "-c", "command -v cat")
        for name in names {
            let real = try await Host.run("sh", "-c", "command -v \(name)")
            // The environment is that of the script itself, as the kernel has it: names in it that are none for the shell too.
            try writeFile(
                "\(place)/bin/\(name)",
                """
                #!/bin/sh
                { printf '%s\\n' "\(name) $*"; \(cat) /proc/$$/environ; } > "\(place)/seen/$$-\(name)"
                exec \(real) "$@"

                """)
            chmod("\(place)/bin/\(name)", 0o700)
        }
    }

    /// The PATH that has them first.
    var path: String { "\(place)/bin:\(Host.environment["PATH"] ?? "")" }

    /// What each was started with.
    func seen() async throws -> [(line: String, environment: String)] {
        try await Host.run("ls", place + "/seen").split(separator: "\n").map { name in
            let parts = readText("\(place)/seen/\(name)").split(separator: "\n", maxSplits: 1)
            return (String(parts.first ?? ""), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    /// Takes all of it away.
    func remove() async throws { _ = try await Host.run("rm", "-rf", place) }
}
