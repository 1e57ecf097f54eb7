import Glibc
import Testing

/// ECS and S3 on this machine, by moto, and the aws command that talks to them.
final class Cloud: Sendable {
    private let server: ScriptServer
    /// What makes aws talk to it, with credentials that open nothing elsewhere.
    let environment: [String: String]

    private static let place = "\(Host.root)/.build/moto"
    private static let script = "\(Host.root)/Tests/EndToEnd/Support/moto-server.py"

    init() async throws {
        // The first time, pip fetches a great deal.
        let prepared = try await Running(
            "python3", [Self.script, Self.place, "--prepare"], in: "/", environment: Host.environment
        ).wait(limit: .seconds(900))
        guard prepared.code == 0 else { throw SetUpFailure("\(prepared)") }
        server = try await ScriptServer("moto-server.py", [Self.place, "\(FreePort.find())"])
        environment = [
            "AWS_ENDPOINT_URL": "http://\(server.address)", "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "eu-north-1", "AWS_CONFIG_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
            "PATH": "\(Self.place)/bin:\(Host.environment["PATH"] ?? "/usr/bin:/bin")",
        ]
        for _ in 0..<400 {
            if (try? await aws("s3api", "list-buckets")) != nil { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw SetUpFailure("moto does not answer at \(server.address)")
    }

    /// Its standard output without the final newline.
    @discardableResult
    func aws(_ arguments: String..., input: String = "") async throws -> String {
        let finished = try await Running(
            "aws", arguments, in: "/", environment: Host.environment.merging(environment) { $1 },
            input: .bytes(Array(input.utf8))
        ).wait()
        guard finished.code == 0 else { throw SetUpFailure("\(finished)") }
        return finished.value
    }

    // MARK: - ECS

    struct Revision: Equatable {
        let image: String
        let revision: Int
    }

    /// A task definition whose one container runs this image.
    func register(_ family: String, running image: String) async throws {
        let container =
            "{\"name\": \"app\", \"image\": \"\(image)\", \"memory\": 128, \"environment\": [{\"name\": \"A\", \"value\": \"b\"}]}"
        try await aws(
            "ecs", "register-task-definition", "--family", family, "--container-definitions", "[\(container)]")
    }

    /// What the newest revision that is not retired runs, and its number.
    func running(_ family: String) async throws -> Revision {
        let list = try await aws(
            "ecs", "list-task-definitions", "--family-prefix", family, "--status", "ACTIVE", "--query",
            "taskDefinitionArns[]", "--output", "text")
        func number(_ arn: Substring) -> Int { Int(arn.split(separator: ":").last ?? "") ?? 0 }
        let revisions = list.split(whereSeparator: \.isWhitespace)
        let arn = String(revisions.max { number($0) < number($1) } ?? "")
        let image = try await aws(
            "ecs", "describe-task-definition", "--task-definition", arn, "--query",
            "taskDefinition.containerDefinitions[0].image", "--output", "text")
        return Revision(image: image, revision: number(arn[...]))
    }

    // MARK: - S3

    /// The keys of a bucket and what the objects hold.
    func objects(in bucket: String) async throws -> [String: String] {
        let keys = try await aws(
            "s3api", "list-objects-v2", "--bucket", bucket, "--query", "Contents[].Key", "--output", "text")
        var objects: [String: String] = [:]
        for key in keys.split(whereSeparator: \.isWhitespace).map(String.init) where key != "None" {
            objects[key] = try await aws("s3", "cp", "s3://\(bucket)/\(key)", "-")
        }
        return objects
    }

    func put(_ text: String, at key: String, in bucket: String) async throws {
        let file = try TemporaryFiles.file("object", text)
        try await aws("s3api", "put-object", "--bucket", bucket, "--key", key, "--body", file)
    }
}
