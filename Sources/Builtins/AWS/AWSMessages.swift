package import Lang

/// What can go wrong with AWS.
extension Message {
    package static func awsFailed(_ purpose: String, output: String) -> Message {
        let lines = output.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
        return Message("aws could not \(purpose): \(lines.last ?? "it said nothing")", help: remedy(output))
    }

    private static func remedy(_ output: String) -> String? {
        func says(_ phrases: String...) -> Bool { phrases.contains { output.contains($0) } }
        if says("Unable to locate credentials", "could not be found", "InvalidClientTokenId") {
            return
                "give aws its credentials: `aws configure`, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        }
        if says("ExpiredToken", "Token has expired", "security token") { return "log in again: `aws sso login`" }
        if says("You must specify a region") { return "set AWS_DEFAULT_REGION, or pass region:" }
        if says("AccessDenied", "not authorized") { return "ask for the permission that the message names" }
        if says("Could not connect to the endpoint", "Connection was closed", "Connect timeout") {
            return "check the network, the region and AWS_ENDPOINT_URL, then run this again"
        }
        if says("Unable to describe task definition") {
            return "`aws ecs list-task-definition-families` lists those there are; check the region, too"
        }
        return nil
    }

    package static func unexpectedAnswer(_ command: String, wanted: String) -> Message {
        Message("`\(command)` answered without \(wanted)", help: "this version of the command may be too old")
    }

    package static func noActiveRevision(_ family: String) -> Message {
        Message(
            "every revision of the task definition \(family) is retired",
            help: "register one: `aws ecs register-task-definition --cli-input-json file://FILE`")
    }

    package static func whichContainer(_ definition: String, names: [String]) -> Message {
        Message(
            "the task definition \(definition) has \(names.count) containers: \(names.joined(separator: ", "))",
            help: "say which one with container:")
    }

    package static func noSuchContainer(_ name: String, in definition: String, names: [String]) -> Message {
        Message(
            "the task definition \(definition) has no container \(quoted(name))",
            help: "it has \(names.map(quoted).joined(separator: ", "))")
    }

    package static func notAnObject(_ url: String) -> Message {
        Message(
            "\(quoted(url)) is no address in S3", help: "it must read s3://BUCKET/KEY, as s3://team-airflow/dags/a.py")
    }
}
