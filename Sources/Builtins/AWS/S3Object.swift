import Lang

/// An object in S3.
struct S3Object: Sendable {
    let bucket: String
    /// May be empty, or end in `/`, where it begins the keys of several.
    let key: String
    var url: String { "s3://\(bucket)/\(key)" }

    init(_ url: String) throws {
        let scheme = "s3://"
        let rest = url.hasPrefix(scheme) ? url.dropFirst(scheme.count) : ""
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        bucket = String(rest[..<slash])
        key = String(rest[slash...].dropFirst())
        if bucket.isEmpty || bucket.hasPrefix("-") { throw RuntimeError(.value, .notAnObject(url)) }
    }

    private var place: [String] { ["--bucket", bucket, "--key", key] }

    /// What it holds; nil where there is none. It comes through a file: aws writes where it is told, and its output is text.
    func read(in world: World) async throws -> [UInt8]? {
        let scratch = Self.scratchFile(in: world)
        defer { try? world.files.remove(scratch) }
        let words = ["s3api", "get-object"] + place + [scratch]
        let outcome = try await AWS.run(words, to: "read \(url)", in: world, check: false)
        if outcome.exitCode == 0 { return try world.files.read(scratch) }
        if ["NoSuchKey", "404"].contains(AWS.errorCode(outcome.combined)) { return nil }
        throw AWS.failure(outcome, words, "read \(url)")
    }

    func uploadCommand(of path: Path) -> String { AWS.line(uploadWords(path.text)) }

    private func uploadWords(_ path: String) -> [String] { ["s3api", "put-object"] + place + ["--body", path] }

    func upload(_ path: Path, in world: World) async throws {
        // Of a file that is not there, aws would say that a blob is wrong; reading it says so as everywhere.
        if world.files.status(path.text) == nil { _ = try world.files.read(path.text) }
        try await AWS.run(uploadWords(path.text), to: "upload \(path.text) to \(url)", in: world)
    }

    func write(_ content: [UInt8], in world: World) async throws {
        let scratch = Self.scratchFile(in: world)
        defer { try? world.files.remove(scratch) }
        try world.files.write(scratch, content)
        try await AWS.run(uploadWords(scratch), to: "put \(url) back", in: world)
    }

    /// Put what comes from standard input there.
    var inputWords: [String] { ["s3", "cp", "-", url] }

    /// List its versions.
    var versionWords: [String] { ["s3api", "list-object-versions", "--bucket", bucket, "--prefix", key] }

    var removalWords: [String] { ["s3api", "delete-object"] + place }

    /// The keys that begin as this one, with the bucket before them.
    func list(in world: World) async throws -> [String] {
        let words = ["s3api", "list-objects-v2", "--bucket", bucket, "--prefix", key]
        let answer = try await AWS.json(words, to: "list \(url)", in: world)
        return (answer["Contents"]?.list ?? []).compactMap { $0["Key"]?.text.map { "s3://\(bucket)/\($0)" } }
    }

    private static func scratchFile(in world: World) -> String {
        Path(world.environment["TMPDIR"] ?? "/tmp").joined(UniqueName.next("object")).text
    }
}
