package import Lang

/// What can go wrong when the team is told.
extension Message {
    package static func noChannels() -> Message {
        Message(
            "the project has no channel to send messages to",
            help: "add one to relsh.toml: `[notifications.team]` with `url_env = \"CHAT_WEB_HOOK\"`, the environment "
                + "variable that holds the address of its web hook")
    }

    package static func unknownChannel(_ name: String, known: [String], suggestion: String?) -> Message {
        let list = known.isEmpty ? "there is none" : "there are \(known.map(quoted).joined(separator: ", "))"
        return Message(
            "the project has no channel \(quoted(name))",
            help: suggestion.map { "did you mean \(quoted($0))?" }
                ?? "\(list); another is declared in relsh.toml as [notifications.\(name)]")
    }

    package static func noHookAddress(_ channel: String, _ variable: String) -> Message {
        Message(
            "cannot send to the channel \(channel): the environment variable \(variable) is not set",
            help: "export the address of its web hook, then run this again; relsh.toml names the variable in "
                + "[notifications.\(channel)] url_env")
    }

    package static func badHookAddress(_ channel: String, _ variable: String) -> Message {
        Message(
            "cannot send to the channel \(channel): \(variable) holds no http or https address",
            help: "it must be the whole address of the web hook, as the chat gives it")
    }

    package static func messageNotTaken(
        _ channel: String, reason: String, attempts: Int, _ variable: String
    ) -> Message {
        let tries = attempts > 1 ? ", \(attempts) times" : ""
        return Message(
            "the message to the channel \(channel) was not taken: \(reason)\(tries)",
            help:
                "check the address in \(variable); nothing else of the run depends on the message, so `announce` can be "
                + "run again alone")
    }
}
