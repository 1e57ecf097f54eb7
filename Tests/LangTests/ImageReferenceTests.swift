import Testing

@testable import Lang

@Suite("An image reference, by Docker's rules")
struct ImageReferenceTests {
    static let sha256 = "sha256:" + String(repeating: "f0", count: 32)
    static let sha512 = "sha512:" + String(repeating: "f0", count: 64)
    static let hex64 = String(repeating: "1a", count: 32)

    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let registry: String
        let repository: String
        var tag: String?
        var digest: String?
        let familiar: String

        init(
            _ text: String, _ registry: String, _ repository: String, tag: String? = nil, digest: String? = nil,
            familiar: String
        ) {
            self.text = text
            self.registry = registry
            self.repository = repository
            self.tag = tag
            self.digest = digest
            self.familiar = familiar
        }

        var testDescription: String { text }
    }

    static let valid = [
        // Docker Hub and its official images.
        Case("redis", "docker.io", "library/redis", familiar: "redis"),
        Case("redis:6", "docker.io", "library/redis", tag: "6", familiar: "redis:6"),
        Case("library/redis:6", "docker.io", "library/redis", tag: "6", familiar: "redis:6"),
        Case("docker.io/redis", "docker.io", "library/redis", familiar: "redis"),
        Case("docker.io/library/redis", "docker.io", "library/redis", familiar: "redis"),
        Case("index.docker.io/redis", "docker.io", "library/redis", familiar: "redis"),
        Case("index.docker.io/library/redis:6", "docker.io", "library/redis", tag: "6", familiar: "redis:6"),
        Case("index.docker.io/me/app", "docker.io", "me/app", familiar: "me/app"),
        Case("me/app@\(sha256)", "docker.io", "me/app", digest: sha256, familiar: "me/app@\(sha256)"),
        Case(
            "redis:6@\(sha256)", "docker.io", "library/redis", tag: "6", digest: sha256, familiar: "redis:6@\(sha256)"),
        Case("redis@\(sha512)", "docker.io", "library/redis", digest: sha512, familiar: "redis@\(sha512)"),
        Case("library/a/b", "docker.io", "library/a/b", familiar: "library/a/b"),
        Case("other/library", "docker.io", "other/library", familiar: "other/library"),
        Case("test_com/foo", "docker.io", "test_com/foo", familiar: "test_com/foo"),
        Case("ubuntu-12.04-base", "docker.io", "library/ubuntu-12.04-base", familiar: "ubuntu-12.04-base"),
        // A name without a slash is never a host.
        Case("localhost", "docker.io", "library/localhost", familiar: "localhost"),
        Case("test.com:5000", "docker.io", "library/test.com", tag: "5000", familiar: "test.com:5000"),
        Case("192.168.0.1:80", "docker.io", "library/192.168.0.1", tag: "80", familiar: "192.168.0.1:80"),
        Case("foo_bar.com:8080", "docker.io", "library/foo_bar.com", tag: "8080", familiar: "foo_bar.com:8080"),
        // What makes a host: localhost, a dot, a port, an uppercase letter.
        Case("localhost/app", "localhost", "app", familiar: "localhost/app"),
        Case("localhost:5000/a/b:t", "localhost:5000", "a/b", tag: "t", familiar: "localhost:5000/a/b:t"),
        Case("test:5000/repo@\(sha256)", "test:5000", "repo", digest: sha256, familiar: "test:5000/repo@\(sha256)"),
        Case("ghcr.io/me/app", "ghcr.io", "me/app", familiar: "ghcr.io/me/app"),
        Case("ghcr.io/library/app", "ghcr.io", "library/app", familiar: "ghcr.io/library/app"),
        Case("registry-1.docker.io/redis", "registry-1.docker.io", "redis", familiar: "registry-1.docker.io/redis"),
        Case("127.0.0.1:5000/app", "127.0.0.1:5000", "app", familiar: "127.0.0.1:5000/app"),
        Case("192.168.1.1/repo", "192.168.1.1", "repo", familiar: "192.168.1.1/repo"),
        Case("xn--n3h.com:18080/foo", "xn--n3h.com:18080", "foo", familiar: "xn--n3h.com:18080/foo"),
        Case("LOCALDOMAIN/app", "LOCALDOMAIN", "app", familiar: "LOCALDOMAIN/app"),
        Case("Docker/docker", "Docker", "docker", familiar: "Docker/docker"),
        Case("[::1]:5000/repo", "[::1]:5000", "repo", familiar: "[::1]:5000/repo"),
        Case("[2001:DB8::1]/repo:t", "[2001:DB8::1]", "repo", tag: "t", familiar: "[2001:DB8::1]/repo:t"),
        // Separators, tags and lengths.
        Case("dock__er/a---b.c_d", "docker.io", "dock__er/a---b.c_d", familiar: "dock__er/a---b.c_d"),
        Case("d/d", "docker.io", "d/d", familiar: "d/d"),
        Case("redis:Upper_.-", "docker.io", "library/redis", tag: "Upper_.-", familiar: "redis:Upper_.-"),
        Case("redis:_", "docker.io", "library/redis", tag: "_", familiar: "redis:_"),
        Case(
            "a:" + String(repeating: "t", count: 128), "docker.io", "library/a",
            tag: String(repeating: "t", count: 128),
            familiar: "a:" + String(repeating: "t", count: 128)),
        Case(
            "example.com/" + String(repeating: "a", count: 255), "example.com", String(repeating: "a", count: 255),
            familiar: "example.com/" + String(repeating: "a", count: 255)),
        Case(String(hex64.dropLast()), "docker.io", "library/\(hex64.dropLast())", familiar: String(hex64.dropLast())),
        // Where the short form would name another image, the name stays whole.
        Case("docker.io/\(hex64)", "docker.io", "library/\(hex64)", familiar: "docker.io/library/\(hex64)"),
        Case("docker.io/localhost/app", "docker.io", "localhost/app", familiar: "docker.io/localhost/app"),
        Case("docker.io/my.org/app:1", "docker.io", "my.org/app", tag: "1", familiar: "docker.io/my.org/app:1"),
    ]

    @Test("is normalised", arguments: valid)
    func normalised(_ expected: Case) throws {
        let image = try ImageReference(parsing: expected.text)
        #expect(image.registry == expected.registry)
        #expect(image.repository == expected.repository)
        #expect(image.name == "\(expected.registry)/\(expected.repository)")
        #expect(image.tag == expected.tag)
        #expect(image.digest?.description == expected.digest)
        #expect(image.familiar == expected.familiar)
        let suffix = (expected.tag.map { ":\($0)" } ?? "") + (expected.digest.map { "@\($0)" } ?? "")
        #expect(image.description == image.name + suffix)
    }

    @Test("is the same when read again from any of its forms", arguments: valid)
    func stable(_ expected: Case) throws {
        let image = try ImageReference(parsing: expected.text)
        #expect(try ImageReference(parsing: image.description) == image)
        #expect(try ImageReference(parsing: image.familiar) == image)
    }

    static let invalid = [
        "", " ", ":tag", "@\(sha256)", "redis:", "redis@", "redis:@\(sha256)", "redis:6:7", "redis@\(sha256)@\(sha256)",
        "redis@\(sha256):6", "redis:-x", "redis:.x", "redis:a b", "a:" + String(repeating: "t", count: 129),
        "redis@sha256:ffff", "redis@sha256:\(String(repeating: "F0", count: 32))", "redis@md5:\(hex64)",
        "redis@sha384:\(hex64)", "redis@multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8",
        "Uppercase:tag", "docker/Docker", "docker.io/docker/Docker", "test:5000/Uppercase/lowercase:tag",
        "https://github.com/docker/docker", "docker://redis", "-docker", "-docker/docker", "docker-/docker",
        "-docker-/docker", "____/____", "_docker/_docker", "docker/", "/docker", "docker.io/", "ghcr.io//app",
        "docker///docker", "dock..er/docker", "dock_.er/docker", "dock-.er/docker", "a___b", "a/b/", "aa/asdf$$^/aa",
        "-docker.io/docker/docker", "docker-.io/a", ".io/a", "a..b/c", "foo_bar.com/app", "ghcr.io:/app",
        "ghcr.io:80a/app", "ghcr.io:80:80/app", "[fc00::1]", "[fc00::1]:5000", "[fc00::1]x/app", "[]/app", "[fc00/app",
        "fc00::1:5000/debian", "[fe80::1%eth0]:5000/debian", "[2001:db8:3:4::192.0.2.33]:5000/debian", hex64, sha256,
        sha512, "domain/" + String(repeating: "a", count: 256), String(repeating: "a", count: 248),
        String(repeating: "a/", count: 200_000), String(repeating: "a", count: 200_000) + ":x", "redis\n", "re dis",
        "redis\0", "rédis", "redis\u{301}", "redis:6\u{301}", "🚀", "redis:🚀", "\u{FF41}", "ghcr.io/\u{212A}",
        "redis\r\n",
        "ex\u{E4}mple.com/a", "localhost:\u{0665}/a",
    ]

    @Test("refuses every invalid text", arguments: invalid)
    func refusal(_ text: String) {
        let error = #expect(throws: ValueError.self) { try ImageReference(parsing: text) }
        #expect(error?.message.contains(" must be ") == true)
    }

    static let messages: [(String, String, String?)] = [
        ("me/App:1", "repository of an image must be lowercase, but is \"me/App\"", "write me/app"),
        (
            "https://ghcr.io/app",
            "image reference must be [registry/]repository[:tag][@digest], but is \"https://ghcr.io/app\"",
            "leave out \"https://\""
        ),
        (
            hex64, "image reference must be a name, not 64 hexadecimal digits alone, but is \"\(hex64)\"",
            "for the image with that digest write name@sha256:\(hex64)"
        ),
        ("redis@md5:00", "digest of an image must be sha256 or sha512, but is \"md5:00\"", nil),
        ("foo_bar.com/app", "registry of an image must be host or host:port, but is \"foo_bar.com\"", nil),
    ]

    @Test("says what is wrong and what to write", arguments: messages)
    func message(_ text: String, _ message: String, _ hint: String?) {
        #expect(throws: ValueError(message: message, hint: hint)) { try ImageReference(parsing: text) }
    }

    @Test("is copied with another registry")
    func withRegistry() throws {
        let image = try ImageReference(parsing: "redis:6@\(Self.sha256)")
        let copy = try image.with(registry: "localhost:5000")
        #expect(copy.description == "localhost:5000/library/redis:6@\(Self.sha256)")
        #expect(try copy.with(registry: "index.docker.io") == image)
        #expect(try ImageReference(parsing: "ghcr.io/app").with(registry: "docker.io").repository == "library/app")
        for registry in ["", "ecr", "ghcr.io/me", "foo_bar.com", "a:b", "-a.io", "ghcr.io\n", "ghcr.io\u{301}"] {
            #expect(throws: ValueError.self) { try image.with(registry: registry) }
        }
    }

    @Test("is copied with another repository")
    func withRepository() throws {
        let image = try ImageReference(parsing: "ghcr.io/me/app:1")
        #expect(try image.with(repository: "you/app").description == "ghcr.io/you/app:1")
        let hub = try ImageReference(parsing: "me/app")
        #expect(try hub.with(repository: "redis").description == "docker.io/library/redis")
        #expect(try hub.with(repository: "localhost/redis").description == "docker.io/localhost/redis")
        #expect(try hub.with(repository: "ghcr.io/redis").description == "docker.io/ghcr.io/redis")
        for repository in ["", "/", "a:1", "a@\(Self.sha256)", "A", "a//b", "a b", String(repeating: "a", count: 256)] {
            #expect(throws: ValueError.self) { try image.with(repository: repository) }
        }
    }

    @Test("is copied with another tag or digest, or without")
    func withTagAndDigest() throws {
        let image = try ImageReference(parsing: "redis:6")
        let digest = try Digest(parsing: Self.sha256)
        #expect(try image.with(tag: "7").description == "docker.io/library/redis:7")
        #expect(try image.with(tag: nil).description == "docker.io/library/redis")
        #expect(try image.with(digest: digest).familiar == "redis:6@\(Self.sha256)")
        #expect(try image.with(digest: digest).with(tag: nil).with(digest: nil).familiar == "redis")
        for tag in ["", "-", "a b", "a/b", "a\u{301}", String(repeating: "t", count: 129)] {
            #expect(throws: ValueError.self) { try image.with(tag: tag) }
        }
        #expect(throws: ValueError.self) { try image.with(digest: Digest(parsing: "md5:00")) }
    }
}
