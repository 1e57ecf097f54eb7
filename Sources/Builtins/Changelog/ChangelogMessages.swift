package import Lang

/// What can be wrong with a changelog.
extension Message {
    private static func howTo(_ name: String) -> String {
        "begin it with an entry: `# \(name)-1.0.0`, then `- 2025-10-06`, then `- ` and what was changed"
    }

    package static func noChangelog(_ path: String, name: String) -> Message {
        Message("there is no changelog \(path)", help: howTo(name) + "; `changelog` in relsh.toml says where it is")
    }

    package static func emptyChangelog(_ path: String, name: String) -> Message {
        Message("the changelog \(path) has no entry", help: howTo(name))
    }

    package static func malformedChangelog(_ problem: String, at place: String) -> Message {
        Message(
            "\(place): \(problem)",
            help: "entries read `# name-1.2.0`, then `- 2025-10-06`, then `- ` and what was changed")
    }

    package static func versionBelowChangelog(_ version: Version, newest: Version, changelog: String) -> Message {
        Message(
            "\(version) is below \(newest), the newest version in \(changelog); versions are compared by semver "
                + "precedence, number by number (1.10.0 is above 1.9.0)",
            help: "release \(newest) or a later version; to build \(version) all the same, pass --just-do-it")
    }

    package static func versionNotAboveChangelog(_ version: Version, newest: Version, changelog: String) -> Message {
        Message(
            "an entry of \(version) cannot be added: \(changelog) has \(newest) already, and entries must rise by semver "
                + "precedence",
            help: "raise the version: `Version(\"\(newest)\").bump(\"minor\")`")
    }

    package static func noChanges(_ version: Version) -> Message {
        Message("the entry of \(version) says of no change", help: "pass changes: [\"what was changed\"]")
    }

    package static func changeNotOneLine(_ change: String) -> Message {
        Message("a change must be one line of text, but is \(quoted(change))", help: "pass several changes instead")
    }

    package static func notADate(_ text: String) -> Message {
        Message("the date must read YYYY-MM-DD, but is \(quoted(text))", help: "leave it out for today")
    }
}
