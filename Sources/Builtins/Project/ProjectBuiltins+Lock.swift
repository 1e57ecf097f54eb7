import Lang

// One release at a time.

extension ProjectBuiltins {
    static let lock: [Builtin] = [
        .reads(
            "project.lock",
            "Takes the project's lock now rather than at the first `transaction`, and holds it until the run ends: of two releases at once, the second is told before it builds and tests. Nothing in a dry run.",
            example: """
                > project.lock()
                """
        ) { world in
            try await world.takeLock()
            return Nothing()
        }
    ]
}
