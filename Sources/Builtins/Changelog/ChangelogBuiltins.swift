package import Lang

/// The project's changelog.
package enum ChangelogBuiltins {
    package static let all: [Builtin] = [
        .reads(
            "changelog.newest", "The version of the changelog's newest entry, which stands first.",
            example: """
                > changelog.newest()
                1.2.0
                """
        ) { world in try await Changelog(in: world).newest().version },

        .reads(
            "changelog.entries", "All entries, the newest first: each with `version`, `date` and `changes`.",
            example: """
                > changelog.entries()[0].changes
                ["Add the package foobar"]
                """
        ) { world in try await Changelog(in: world).entries },

        .reads(
            "changelog.check", "Refuses a version below the newest entry, by semver precedence.",
            Parameter("version", "the version that is to be built"),
            Parameter("just_do_it", "accept it all the same", default: false),
            example: """
                > changelog.check(1.10.0)
                """
        ) { (world: World, version: Version, justDoIt: Bool) in
            if !justDoIt { try await Changelog(in: world).check(version) }
            return Nothing()
        },

        .changes(
            "changelog.add", "Puts a new entry at the top of the changelog.",
            Parameter("version", "its version, above the newest"),
            Parameter("changes", "what was changed, a line each"),
            Parameter("date", "such as `2025-10-06`; today where none is given", default: String?.none),
            example: """
                > changelog.add(1.3.0, ["Periodic release"])
                """,
            reversals: [
                .by(
                    "git restore FILE",
                    "FILE is the changelog: this drops all changes since the last commit; otherwise delete the entry at its top"
                )
            ],
            commands: { world, version, changes, date in
                let changelog = try await Changelog(in: world)
                let entry = try changelog.entry(version, changes, date: date, now: world.clock.now())
                return [changelog.command(adding: entry)]
            },
            planned: { world, version, changes, date in Nothing() },
            inverse: { world, version, changes, date in
                let changelog = try await Changelog(in: world)
                return try Inverse.ofFile(Path(changelog.path), in: world) { _ in
                    changelog.adding(try changelog.entry(version, changes, date: date, now: world.clock.now()))
                }
            },
            repeats: .compared,
            body: { (world: World, version: Version, changes: [String], date: String?) in
                let changelog = try await Changelog(in: world)
                let entry = try changelog.entry(version, changes, date: date, now: world.clock.now())
                try world.files.write(changelog.path, changelog.adding(entry))
                return Nothing()
            }),
    ]
}

extension ChangelogFile.Entry: Bridged {
    package static var valueType: ValueType { .map(.any) }
    /// Entries are only given out.
    package static func from(_ value: Value) -> ChangelogFile.Entry? { nil }
    package var value: Value {
        .map(OrderedMap([("version", version.value), ("date", date.value), ("changes", changes.value)]))
    }
}
