package import Lang

/// Telling the team.
package enum NotifyBuiltins {
    package static let all: [Builtin] = [
        .changes(
            "notify.send",
            "Sends a message to a channel of the team's chat by its web hook; tries again where the server is busy or down.",
            Parameter("text", "the message"),
            Parameter(
                "channel", "its name in relsh.toml, [notifications]; the first where none is given",
                default: String?.none),
            example: """
                > notify.send("hello-service 1.2.0 is out", channel: "team")
                """,
            reversals: [.never("who has read the message has read it")],
            commands: { world, text, channel in [try await ChatMessage(text, to: channel, in: world).line()] },
            planned: { world, text, channel in Nothing() },
            body: { (world: World, text: String, channel: String?) in
                try await ChatMessage(text, to: channel, in: world).send(in: world)
                return Nothing()
            })
    ]
}
