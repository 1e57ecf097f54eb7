/// A registry of Amazon: `123456789012.dkr.ecr.eu-north-1.amazonaws.com`.
struct ECRHost: Sendable {
    let region: String

    /// Nil for any other host.
    init?(_ host: String) {
        let parts = host.split(separator: ".")
        guard parts.count >= 6, parts[1] == "dkr", parts[2].hasPrefix("ecr"), parts.contains("amazonaws") else {
            return nil
        }
        region = String(parts[3])
    }

    /// Prints a password that is good for twelve hours.
    var passwordCommand: [String] { ["aws", "ecr", "get-login-password", "--region", region] }
}
