import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite(.ownSecrets) struct DockerConfigTests {
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

    /// As docker reads them.
    @Test func linesOfBase64AndEmptyFiles() async throws {
        let config = try config(#"{"auths": {"ghcr.io": {"auth": "am9lam9l\nOmhl\r\nbGxv\n"}}}"#)
        #expect(password(try config.credentials(for: "ghcr.io")) == "joejoe:hello")
        for text in ["", " \n"] {
            let world = World.fake(files: FakeFiles(["/d/config.json": text]), environment: ["DOCKER_CONFIG": "/d"])
            #expect(try await CredentialSources(world: world).docker("ghcr.io") == nil)
        }
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
        let podman = "/home/me/.config/containers/auth.json"
        #expect(DockerConfig.paths(["HOME": "/home/me"]) == ["/home/me/.docker/config.json", podman])
        #expect(DockerConfig.paths(["HOME": "/home/me", "DOCKER_CONFIG": "/etc/d"]) == ["/etc/d/config.json", podman])
        #expect(
            DockerConfig.paths(["XDG_RUNTIME_DIR": "/run/me", "HOME": "/home/me"])
                == ["/home/me/.docker/config.json", "/run/me/containers/auth.json", podman])
        #expect(
            DockerConfig.paths(["XDG_CONFIG_HOME": "/c", "HOME": "/h", "DOCKER_CONFIG": "/d"])
                == ["/d/config.json", "/c/containers/auth.json"])
        #expect(DockerConfig.paths(["XDG_RUNTIME_DIR": "/run/me", "REGISTRY_AUTH_FILE": "/a.json"]) == ["/a.json"])
        #expect(DockerConfig.paths(["DOCKER_CONFIG": "", "HOME": ""]) == [])
    }

    /// joejoe:hello
    private static let entry = #"{"auth": "am9lam9lOmhlbGxv"}"#

    // The forms of keys that docker's, Google's and podman's own tests have.
    @Test(arguments: [
        ("test.io", "test.io", true), ("https://test.io", "test.io", true), ("http://test.io/v1/", "test.io", true),
        ("http://test.io/v2/", "test.io", true), ("test.io/v2/", "test.io", true), ("test.io/", "test.io", true),
        ("https://test.io:5000/v1/", "test.io:5000", true), ("https://test.io:5000/v1/", "test.io", false),
        ("test.io/another-repo", "test.io", false), ("other.io", "test.io", false), ("xtest.io", "test.io", false),
        ("https://index.docker.io/v1/", "docker.io", true), ("docker.io", "docker.io", true),
        ("index.docker.io", "docker.io", true), ("https://registry-1.docker.io/v2/", "docker.io", true),
        ("https://index.docker.io/v1/", "index.docker.io", true), ("https://index.docker.io/v1/", "test.io", false),
    ])
    func keysOfRegistries(key: String, registry: String, isFound: Bool) throws {
        let config = try config(#"{"auths": {"\#(key)": \#(Self.entry)}}"#)
        #expect(password(try config.credentials(for: registry)) == (isFound ? "joejoe:hello" : nil))
    }

    @Test func theBestKeyCounts() throws {
        let config = try config(
            """
            {"auths": {
                "https://test.io/v1/": {"username": "old", "password": "x"}, "test.io": \(Self.entry),
                "docker.io": {"username": "other", "password": "x"}, "https://index.docker.io/v1/": \(Self.entry)
            }}
            """)
        #expect(password(try config.credentials(for: "test.io")) == "joejoe:hello")
        #expect(password(try config.credentials(for: "docker.io")) == "joejoe:hello")
    }

    @Test(arguments: [
        (#"{"auth": "am9lam9lOmhlbGxv", "email": "x@y"}"#, "joejoe:hello"),
        (#"{"auth": "am9lam9lOmhlbGxvAAAA"}"#, "joejoe:hello"),
        (#"{"auth": "am9lam9lOg=="}"#, "joejoe:"), (#"{"username": "user", "password": "p:w"}"#, "user:p:w"),
        (#"{"username": "user"}"#, nil), (#"{"auth": ""}"#, nil), ("{}", nil), ("null", nil), (#""text""#, nil),
        ("[]", nil),
    ])
    func entries(entry: String, found: String?) throws {
        #expect(password(try config(#"{"auths": {"test.io": \#(entry)}}"#).credentials(for: "test.io")) == found)
    }

    @Test func tokensInAnEntryComeBeforeItsPassword() throws {
        func form(_ entry: String) throws -> RegistryCredentials.Form? {
            try config(#"{"auths": {"test.io": \#(entry)}}"#).credentials(for: "test.io")?.form
        }
        let origin = "docker's config.json"
        #expect(
            try form(#"{"auth": "am9lam9lOmhlbGxv", "identitytoken": "i", "registrytoken": "r"}"#)
                == .identityToken(Secret("i", source: origin)))
        #expect(
            try form(#"{"registrytoken": "r", "username": "u", "password": "p"}"#)
                == .accessToken(Secret("r", source: origin)))
        #expect(
            try form(#"{"identitytoken": "", "registrytoken": "", "username": "u", "password": "p"}"#)
                == .password(user: "u", Secret("p", source: origin)))
    }

    @Test(arguments: [
        ("{}", nil), (#"{"credsStore": ""}"#, nil), (#"{"credsStore": "desktop"}"#, "desktop"),
        (#"{"credsStore": "desktop", "credHelpers": {"test.io": "gcloud"}}"#, "gcloud"),
        (#"{"credsStore": "desktop", "credHelpers": {"test.io": ""}}"#, "desktop"),
        (#"{"credHelpers": {"other.io": "gcloud"}}"#, nil), (#"{"credHelpers": []}"#, nil), ("[]", nil),
    ])
    func whichHelper(text: String, name: String?) throws {
        #expect(try config(text).helper(for: "test.io")?.name == name)
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
        _ registry: String, config: String? = nil, environment: [String: String] = [:], files: [String: String] = [:]
    ) async throws -> String? {
        var (environment, files) = (environment, files)
        environment["HOME"] = "/home/me"
        files["/home/me/.docker/config.json"] = config
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

    private static func auths(_ user: String) -> String {
        #"{"auths": {"quay.io": {"username": "\#(user)", "password": "x"}}}"#
    }

    @Test func theVariableOfDockerComesBeforeItsFile() async throws {
        let environment = ["DOCKER_AUTH_CONFIG": Self.auths("variable")]
        #expect(
            try await found("quay.io", config: Self.auths("file"), environment: environment)
                == "variable:x from env DOCKER_AUTH_CONFIG")
        let other = ["DOCKER_AUTH_CONFIG": #"{"auths": {"other.io": {"username": "u", "password": "x"}}}"#]
        #expect(
            try await found("quay.io", config: Self.auths("file"), environment: other)
                == "file:x from docker's config.json")
        let error = await failure { try await found("quay.io", environment: ["DOCKER_AUTH_CONFIG": "s3cret"]) }
        #expect(error?.id == "docker-config-unreadable")
        #expect("\(String(describing: error))".contains("s3cret") == false)
    }

    @Test func podmansFileIsReadWhereThereIsNoneOfDocker() async throws {
        let environment = ["XDG_RUNTIME_DIR": "/run/me"]
        let files = ["/run/me/containers/auth.json": Self.auths("podman"), "/else.json": Self.auths("named")]
        #expect(
            try await found("quay.io", environment: environment, files: files)
                == "podman:x from /run/me/containers/auth.json")
        let named = environment.merging(["REGISTRY_AUTH_FILE": "/else.json"]) { $1 }
        #expect(try await found("quay.io", environment: named, files: files) == "named:x from /else.json")
        #expect(
            try await found("quay.io", config: Self.auths("docker"), environment: named, files: files)
                == "docker:x from docker's config.json")
    }

    @Test func aDirectoryInPlaceOfTheFileIsNone() async throws {
        let files = ["/home/me/.docker/config.json/..data": "{}"]
        #expect(try await found("quay.io", files: files) == nil)
    }

    @Test func anEmptyEntryBesideAStoreIsTheStores() async throws {
        processes.answer("docker-credential-desktop", "get", with: .init(stdout: #"{"Username":"me","Secret":"s"}"#))
        #expect(
            try await found("quay.io", config: #"{"auths": {"quay.io": {}}, "credsStore": "desktop"}"#)
                == "me:s from docker-credential-desktop")
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
