import Lang

// What relsh.toml says of how a team works around its releases.
extension ProjectFile {
    /// `HelloServiceTask` for the project `team/hello-service`.
    static func issuePrefix(_ name: String) -> String {
        let last = name.split(separator: "/").last ?? ""
        let words = last.split { "-_.".contains($0) }
        return words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Task"
    }

    static func notifications(_ settings: ProjectSettings) throws -> OrderedMap<Project.Notification> {
        var channels = OrderedMap<Project.Notification>()
        for name in settings.names(in: "notifications") {
            let path = ["notifications", name, "url_env"]
            guard let variable = settings.text("notifications", name, "url_env"), !variable.isEmpty else {
                throw settings.error(path) {
                    .missingSetting(
                        TOMLKey.dotted(path),
                        "the environment variable that holds the address of the web hook: `url_env = \"CHAT_WEB_HOOK\"`",
                        at: $0)
                }
            }
            channels[name] = Project.Notification(
                addressVariable: variable, field: settings.text("notifications", name, "field") ?? "text")
        }
        return channels
    }
}
