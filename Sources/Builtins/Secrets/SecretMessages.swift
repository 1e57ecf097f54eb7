package import Lang

/// What can go wrong when a secret is fetched. None of it shows what was fetched.
extension Message {
    package static func secretEmpty(_ source: String) -> Message {
        Message(
            "the secret from \(source) is empty", help: "look whether it is the right one, and put the secret there")
    }

    package static func secretTooShort(_ source: String, least: Int) -> Message {
        Message(
            "the secret from \(source) must have at least \(least) bytes, but has fewer: so short a text cannot be hidden where it is shown",
            help: "use a longer one; what need not be hidden is read with `env.get` or `files.read`")
    }

    package static func secretNotText(_ source: String) -> Message {
        Message(
            "the secret from \(source) must be text in UTF-8 without NUL, but is not",
            help: "give bytes to programs by the name of their file, or keep them in base64")
    }

    package static func secretCommandFailed(_ line: String, exitCode: Int, reason: String) -> Message {
        Message(
            "`\(line)` should print a secret, but ended with exit code \(exitCode)"
                + (reason.isEmpty ? "" : ": \(reason)"),
            help: "run it by hand; what it prints to standard output is not shown here")
    }

    package static func awsSecretFailed(_ name: String, reason: String) -> Message {
        let lines = reason.split(whereSeparator: \.isNewline).map(String.init)
        return Message(
            "the secret \(quoted(name)) could not be fetched from AWS: \(lines.last ?? "aws said nothing")",
            help: awsRemedy(reason))
    }

    private static func awsRemedy(_ reason: String) -> String? {
        if reason.contains("ResourceNotFoundException") {
            return
                "`aws secretsmanager list-secrets` shows the names; `region:` or AWS_REGION says where it is looked for"
        }
        if reason.contains("AccessDenied") {
            return
                "whoever runs this needs the permission secretsmanager:GetSecretValue for it; `aws sts get-caller-identity` tells who that is"
        }
        if reason.contains("ExpiredToken") || reason.contains("Unable to locate credentials") || reason.contains("SSO")
        {
            return
                "log in to AWS first, for example with `aws sso login`; `aws sts get-caller-identity` tells whether that worked"
        }
        if reason.contains("specify a region") { return "give `region:`, or set AWS_REGION" }
        return nil
    }

    package static func awsSecretIsNoText(_ name: String) -> Message {
        Message(
            "the secret \(quoted(name)) in AWS must be text, but is bytes or nothing",
            help: "fetch it with `secrets.command([\"aws\", …])` and a program that makes text of it")
    }

    package static func awsSecretHasNoFields(_ name: String, _ key: String) -> Message {
        Message(
            "the secret \(quoted(name)) in AWS must be a JSON object to have the field \(quoted(key)), but is other text",
            help: "leave out `key:` to get all of it")
    }

    package static func awsSecretHasNoField(_ name: String, _ key: String, known: [String], suggestion: String?)
        -> Message
    {
        Message(
            "the secret \(quoted(name)) in AWS has no field \(quoted(key))",
            help: suggestion.map { "did you mean \(quoted($0))?" }
                ?? "it has \(known.map(quoted).joined(separator: ", "))")
    }

    package static func noDockerSecret(_ host: String) -> Message {
        Message(
            "docker knows no password for \(host)",
            help: "log in with `docker login \(host)`; looked at were DOCKER_AUTH_CONFIG, docker's config.json and the "
                + "credential helpers that it names")
    }
}
