import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct DockerConfigTests {
    private func config(_ text: String) throws -> DockerConfig { DockerConfig(try JSON.parse(text)) }

    private func password(_ credentials: RegistryCredentials?) -> String? {
        guard case .password(let user, let secret)? = credentials?.form else { return nil }
        return "\(user):\(secret.text)"
    }

    @Test func theFormsOfAnEntry() throws {
        // am9lam9lOmhlbGxv is the example of docker's own tests: joejoe:hello.
        let config = try config(
            """
            {"auths": {
                "https://index.docker.io/v1/": {"auth": "am9lam9lOmhlbGxv"},
                "ghcr.io": {"username": "me", "password": "p:w"},
                "https://old.example.com/v2/": {"auth": "YTpiOmM="},
                "az.azurecr.io": {"auth": "MDA6", "identitytoken": "idt"},
                "empty.example.com": {}
            }}
            """)
        #expect(password(try config.credentials(for: "docker.io")) == "joejoe:hello")
        #expect(password(try config.credentials(for: "ghcr.io")) == "me:p:w")
        #expect(password(try config.credentials(for: "old.example.com")) == "a:b:c")
        #expect(try config.credentials(for: "empty.example.com") == nil)
        #expect(try config.credentials(for: "other.example.com") == nil)
        let token = try config.credentials(for: "az.azurecr.io")
        #expect(token?.form == .identityToken(Secret("idt", source: "docker's config.json")))
    }

    @Test func anAuthThatIsNoneIsToldWithoutShowingIt() throws {
        let config = try config(#"{"auths": {"ghcr.io": {"auth": "%%secret%%"}}}"#)
        let error = #expect(throws: RuntimeError.self) { try config.credentials(for: "ghcr.io") }
        #expect(error?.id == "docker-config-auth")
        #expect(error?.message.contains("secret") == false)
    }

    @Test func helpersComeBeforeTheStore() throws {
        let config = try config(
            #"{"credsStore": "desktop", "credHelpers": {"gcr.io": "gcloud", "docker.io": "pass"}}"#)
        #expect(config.helper(for: "gcr.io")?.name == "gcloud")
        #expect(config.helper(for: "ghcr.io")?.name == "desktop")
        let hub = config.helper(for: "docker.io")
        #expect(hub?.name == "pass")
        #expect(hub?.server == "https://index.docker.io/v1/")
        #expect(DockerConfig.empty.helper(for: "ghcr.io") == nil)
    }

    @Test func whereItIs() {
        #expect(DockerConfig.path(["HOME": "/home/me"]) == "/home/me/.docker/config.json")
        #expect(DockerConfig.path(["HOME": "/home/me", "DOCKER_CONFIG": "/etc/d"]) == "/etc/d/config.json")
        #expect(DockerConfig.path([:]) == nil)
    }

    @Test func base64() {
        for text in ["", "a", "ab", "abc", "abcd", "user:pässwörd"] {
            #expect(Base64.decode(Base64.encode(text)) == text)
        }
        #expect(Base64.encode("Aladdin:open sesame") == "QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
        #expect(Base64.decode("QWxhZGRpbg") == "Aladdin")
        #expect(Base64.decode("a*b=") == nil)
    }
}

@Suite struct CredentialSourcesTests {
    private let processes = FakeProcesses()

    private func found(
        _ registry: String, config: String? = nil, environment: [String: String] = [:]
    ) async throws -> String? {
        var environment = environment
        environment["HOME"] = "/home/me"
        let files = config.map { ["/home/me/.docker/config.json": $0] } ?? [:]
        let world = projectWorld(processes, environment: environment, files: files)
        let credentials = try await CredentialSources(world: world).credentials(for: registry)
        guard let credentials else { return nil }
        return switch credentials.form {
        case .password(let user, let secret): "\(user):\(secret.text) from \(credentials.origin)"
        case .identityToken(let token): "identity \(token.text) from \(credentials.origin)"
        case .accessToken(let token): "access \(token.text) from \(credentials.origin)"
        }
    }

    @Test func theProjectComesFirst() async throws {
        let config = #"{"auths": {"ghcr.io": {"username": "other", "password": "x"}}}"#
        #expect(
            try await found("ghcr.io", config: config, environment: ["GHCR_TOKEN": "t0ken"])
                == "ci:t0ken from env GHCR_TOKEN")
    }

    @Test func aHelperIsAskedByStandardInput() async throws {
        processes.answer(
            "docker-credential-pass", "get",
            with: .init(stdout: #"{"ServerURL":"quay.io","Username":"me","Secret":"s3cret"}"#))
        #expect(
            try await found("quay.io", config: #"{"credsStore": "pass"}"#)
                == "me:s3cret from docker-credential-pass")
        let run = try #require(processes.runs.first)
        guard case .text("quay.io") = run.options.input else { return #expect(Bool(false), "no server name was given") }
    }

    @Test func aHelperThatKnowsNoneIsNotTheEnd() async throws {
        processes.answer(
            "docker-credential-pass", "get",
            with: .init(exitCode: 1, stdout: "credentials not found in native keychain\n"))
        let config = #"{"credsStore": "pass", "auths": {"quay.io": {"auth": "am9lam9lOmhlbGxv"}}}"#
        #expect(try await found("quay.io", config: config) == "joejoe:hello from docker's config.json")
    }

    @Test func anIdentityTokenHasItsOwnName() async throws {
        processes.answer(
            "docker-credential-pass", "get", with: .init(stdout: #"{"Username":"<token>","Secret":"idt"}"#))
        #expect(
            try await found("quay.io", config: #"{"credsStore": "pass"}"#)
                == "identity idt from docker-credential-pass")
    }

    @Test func aHelperThatFailsIsNamedAndItsOutputIsNotShown() async throws {
        processes.answer("docker-credential-pass", "get", with: .init(stdout: #"{"Secret":"s3cret""#))
        let error = await failure { try await found("quay.io", config: #"{"credsStore": "pass"}"#) }
        #expect(error?.id == "credential-helper-unreadable")
        #expect("\(String(describing: error))".contains("s3cret") == false)
    }

    @Test func aConfigThatIsNoJSONIsNamedAndNotShown() async throws {
        let error = await failure { try await found("quay.io", config: #"{"auths": {"quay.io": s3cret"#) }
        #expect(error?.id == "docker-config-unreadable")
        #expect("\(String(describing: error))".contains("s3cret") == false)
    }

    @Test func tokensOfTheEnvironment() async throws {
        #expect(
            EnvironmentCredentials.credentials(for: "ghcr.io", ["GITHUB_TOKEN": "t", "GITHUB_ACTOR": "ada"])?.basic?
                .text
                == "Basic " + Base64.encode("ada:t"))
        #expect(
            try await found("docker.io", environment: ["DOCKERHUB_TOKEN": "t", "DOCKERHUB_USERNAME": "ada"])
                == "ada:t from env DOCKERHUB_TOKEN")
        #expect(try await found("docker.io", environment: ["DOCKERHUB_TOKEN": "t"]) == nil)
        #expect(try await found("quay.io", environment: ["GITHUB_TOKEN": "t"]) == nil)
    }

    @Test func amazonIsAskedForAPassword() async throws {
        processes.answer(
            "aws", "ecr", "get-login-password", "--region", "eu-north-1", with: .init(stdout: "longpassword\n"))
        #expect(
            try await found("123456789012.dkr.ecr.eu-north-1.amazonaws.com")
                == "AWS:longpassword from aws ecr get-login-password")
        #expect(ECRHost("dkr.ecr.example.com") == nil)
        #expect(ECRHost("1.dkr.ecr-fips.us-gov-west-1.amazonaws.com")?.region == "us-gov-west-1")
    }
}
