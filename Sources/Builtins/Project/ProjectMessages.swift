package import Lang

/// What can be wrong with a project and its `relsh.toml`.
extension Message {
    package static func noProject(from directory: String) -> Message {
        Message(
            "no relsh.toml in \(directory) or in any directory above it",
            help: "go to the project, or start one: `relsh init` in its root writes a relsh.toml, with "
                + "`name = \"my-image\"` and, for each registry, `[registries.NAME]` with `base = \"host/path\"`")
    }

    package static func unknownSetting(
        _ key: String, in table: String, known: [String], suggestion: String?, at place: String
    ) -> Message {
        let list = known.map { "`\($0)`" }.joined(separator: ", ")
        let allowed = known.isEmpty ? nil : "\(table.isEmpty ? "relsh.toml" : "`\(table)`") takes \(list)"
        return Message(
            "unknown setting `\(key)`\(table.isEmpty ? "" : " in `\(table)`"), at \(place)",
            help: suggestion.map { "did you mean `\($0)`?" } ?? allowed)
    }

    package static func malformedSettingName(_ key: String, origin: String) -> Message {
        Message(
            "\(quoted(key)) is not the name of a setting, in `\(origin)`",
            help: "write names with dots between, and quotes around a name that has dots itself: "
                + "--set 'registries.\"aws_ecr.ck\".base=host/path'")
    }

    package static func wrongSettingType(_ path: String, expected: String, got: Value, at place: String) -> Message {
        Message("`\(path)` must be \(expected), but is \(got.literal), at \(place)")
    }

    package static func missingSetting(_ path: String, _ purpose: String, at place: String) -> Message {
        Message("`\(path)` is missing, at \(place)", help: purpose)
    }

    package static func invalidSetting(
        _ path: String, mustBe expected: String, butIs text: String, hint: String? = nil, at place: String
    ) -> Message {
        Message("`\(path)` must be \(expected), but is \(quoted(text)), at \(place)", help: hint)
    }

    package static func unknownRegistry(_ name: String, known: [String], suggestion: String?) -> Message {
        Message(
            "the project has no registry \(quoted(name))",
            help: suggestion.map { "did you mean \(quoted($0))?" } ?? declared(known, "[registries.\(name)]"))
    }

    package static func registryDeclaredTwice(
        _ name: String, and other: String, base: String, at place: String
    ) -> Message {
        Message(
            "`\(TOMLKey.dotted(["registries", name, "base"]))` is \(quoted(base)), where the registry \(quoted(other)) is already, "
                + "at \(place)",
            help: "leave one of them out, or give each a base or `stages` of its own")
    }

    package static func unusableRegistryName(_ name: String, at place: String) -> Message {
        Message(
            "a registry cannot be called \(quoted(name)), at \(place)",
            help: "options take several registries with commas between them, so that a name is one word without commas")
    }

    package static func noRegistries() -> Message {
        Message(
            "the project has no registry",
            help: "add one to relsh.toml: `[registries.NAME]` with `base = \"host/path\"`; the first is home")
    }

    package static func unknownStage(_ name: String, known: [String], suggestion: String?) -> Message {
        Message(
            "the project has no stage \(quoted(name))",
            help: suggestion.map { "did you mean \(quoted($0))?" } ?? declared(known, "[stages.\(name)]"))
    }

    package static func unknownSuite(_ name: String, known: [String], suggestion: String?) -> Message {
        Message(
            "the project has no test suite \(quoted(name))",
            help: suggestion.map { "did you mean \(quoted($0))?" } ?? declared(known, "[tests.\(name)]"))
    }

    package static func suiteWithoutImage(_ suite: String, at place: String) -> Message {
        let path = TOMLKey.dotted(["tests", suite, "command"])
        return Message(
            "`\(path)` runs outside of the image and does not say {image}: it would test whatever is on the machine, "
                + "not what ships, at \(place)",
            help: "put {image} where the command takes the image, such as \"--image\", \"{image}\"; where it reads a "
                + "variable, begin with \"env\", \"IMAGE={image}\"")
    }

    private static func declared(_ known: [String], _ table: String) -> String {
        let list = known.isEmpty ? "there is none" : "there are \(known.map(quoted).joined(separator: ", "))"
        return "\(list); another is declared in relsh.toml as \(table)"
    }

    package static func unknownChecklist(_ name: String) -> Message {
        Message(
            "there is no check-list \(quoted(name))",
            help: "there are \"pre_release\" and \"post_release\", in relsh.toml under [checklists]")
    }

    package static func unknownUser() -> Message {
        Message(
            "the name of the user is not known: USER and LOGNAME are not set, and the account that relsh runs under has none",
            help: "set USER to the name that local tags shall have")
    }
}
