import Builtins
import Testing

@testable import Lang

/// What Tab offers, and the signature beside the line: from the catalog that recipes have.
@Suite struct CompletionTests {
    private static let catalog = StandardCatalog.catalog
    private static var loader: ModuleLoader {
        ModuleLoader(catalog: catalog) { path throws(ImportFailure) in
            throw ImportFailure("there is no \(path)")
        }
    }

    /// What is known after some inputs, none of which is run.
    private static func names(_ inputs: String...) throws -> PromptNames {
        var names = PromptNames(catalog: catalog)
        for (number, input) in inputs.enumerated() {
            let (next, diagnostics) = names.adding(SourceFile(name: "<input \(number)>", text: input), loader)
            try #require(diagnostics.isEmpty, "\(input): \(diagnostics.map(\.message.text))")
            names = next
        }
        return names
    }

    private static func offered(_ text: String, _ names: PromptNames) -> [String] {
        Completion(text, names: names).candidates.map(\.text)
    }

    @Test(arguments: [
        ("docker.comm", ["commit"]), ("let x = docker.comm", ["commit"]), ("project.registries.ho", ["home"]),
        ("prin", ["print"]), ("whi", ["while"]), ("vers", []), ("Vers", ["Version"]),
        ("\"abc\".upp", ["upper"]), ("[1, 2].fi", ["filter", "find", "first"]), ("[1, 2][0].ab", ["abs"]),
        ("1.2.3.maj", ["major"]), ("Version(\"1.0.0\").maj", ["major"]), ("\"a\".split(\",\").joi", ["join"]),
        ("print(\"x\".upp", ["upper"]), ("print(\"${\"x\".upp", ["upper"]), ("$ echo ${\"x\".upp", ["upper"]),
        ("let na", []), ("fn na", []), ("1 ", []), ("\"done\" ", []), ("f(1) ", []),
        ("docker.tag(", ["source: ", "target: "]), ("docker.tag(\"a\", ", ["target: "]),
        ("docker.tag(source: \"a\", ta", ["target: "]), ("docker.tag(target: \"a\", ", ["source: "]),
        ("docker.tag(source: docker.i", ["id", "images", "inspect"]), ("docker.run(\"a\", remove: t", ["true", "try"]),
        ("# a comment docker.comm", []),
    ])
    func whatCanStandThere(_ text: String, _ expected: [String]) throws {
        let found = Self.offered(text, try Self.names())
        if expected == ["true", "try"] {
            #expect(found.starts(with: ["true"]))
        } else {
            #expect(found == expected, "\(text)")
        }
    }

    @Test func whatWasTypedIsKnown() throws {
        let names = try Self.names(
            "let service = \"web\"", "fn deploy(service: Str, stage: \"dev\" | \"prod\", force = false) -> Int { 1 }",
            "let shape = {port: 80, host: \"a\"}")
        #expect(Self.offered("serv", names) == ["service"])
        #expect(Self.offered("service.upp", names) == ["upper"])
        #expect(Self.offered("dep", names) == ["deploy"])
        #expect(Self.offered("deploy(", names) == ["service: ", "stage: ", "force: "])
        #expect(Self.offered("deploy(\"web\", ", names) == ["stage: ", "force: ", "\"dev\"", "\"prod\""])
        #expect(Self.offered("deploy(\"web\", stage: ", names) == ["\"dev\"", "\"prod\""])
        #expect(Self.offered("deploy(\"web\", stage: \"p", names) == ["prod"])
        #expect(Self.offered("shape.po", names) == ["port"])
        #expect(Self.offered("deploy(\"web\", \"dev\").ab", names) == ["abs"])
    }

    @Test(
        arguments: [
            ("docker.commit(\"we", [.containers]), ("docker.tag(\"we", [.images]), ("docker.tag(target: \"", [.images]),
            ("Image(\"", [.images]), ("Version(\"", [.versions]), ("files.read(\"", [.files]),
            ("$ docker rm we", [.containers]), ("$ docker tag we", [.dockerNames, .files]),
            ("$ ls ", [.files]), ("\"we", []), ("docker.tag(\"a\", \"b\") + \"", []),
        ] as [(String, [Completion.Live])])
    func whatMustBeLookedUp(_ text: String, _ expected: [Completion.Live]) throws {
        #expect(Completion(text, names: try Self.names()).live == expected, "\(text)")
    }

    @Test func theKeysOfAMapAreKnown() throws {
        let names = try Self.names("let m = {port: 80, \"a key\": {inner: 1}, \"x\\\"y\": 2}")
        for (text, expected) in [
            ("m[\"", ["a key", "port"]), ("print(m[\"po", ["port"]), ("m[\"a key\"][\"", ["inner"]), ("m[x[\"", []),
            ("[\"", []), ("\"${m[\"p", ["port"]), ("m[\"a\" + \"", []),
        ] {
            #expect(Self.offered(text, names) == expected, "\(text)")
            #expect(Completion(text, names: names).isText)
        }
    }

    @Test(
        arguments: [
            ("$ docker exec ", "", [.containers]), ("$ docker exec -it we", "we", [.containers]),
            ("$ docker exec \"we", "we", [.containers]), ("$ docker exec \"a b", "a b", [.containers]),
            ("$ docker container rm '", "", [.containers]), ("$ docker exec web ", "", [.dockerNames, .files]),
            ("$ docker run \"", "", [.dockerNames, .files]), ("$ ls \"a\" b", "b", [.files]),
            ("import \"", "", [.imports]),
            ("import \"std/l", "std/l", [.imports]),
        ] as [(String, String, [Completion.Live])])
    func whatIsInQuotesIsCompletedToo(_ text: String, _ prefix: String, _ live: [Completion.Live]) throws {
        let completion = Completion(text, names: try Self.names())
        #expect(completion.live == live && completion.prefix == prefix, "\(text): \(completion)")
        #expect(completion.isText == (text.contains("\"") && !text.contains("\" ") || text.contains("'")))
    }

    @Test func theTextIsReplacedFromItsBeginning() throws {
        let names = try Self.names()
        let completion = Completion("docker.tag(\"host:5000/a/b:ta", names: names)
        #expect(completion.prefix == "host:5000/a/b:ta" && completion.start == 12 && completion.isText)
        #expect(Completion("日本 + docker.ta", names: names).prefix == "ta")
    }

    @Test(arguments: [
        ("docker.tag(", "docker.tag(source: Image, target: Image) -> Image", "source: Image"),
        ("docker.tag(\"a\", ", "docker.tag(source: Image, target: Image) -> Image", "target: Image"),
        ("docker.tag(target: ", "docker.tag(source: Image, target: Image) -> Image", "target: Image"),
        ("print(docker.push(", "docker.push(image: Image) -> Digest", "image: Image"),
        ("\"a\".split(", "split(by?: Str?) -> [Str]", "by?: Str?"),
        ("deploy(1, ", "deploy(port: Int, name?: Str)", "name?: Str"),
    ])
    func theSignatureOfTheCallUnderWay(_ text: String, _ signature: String, _ current: String) throws {
        let names = try Self.names("fn deploy(port: Int, name: Str = \"a\") { null }")
        let hint = try #require(SignatureHint(text, names: names))
        let bytes = Array(hint.text.utf8)
        #expect(hint.text.hasPrefix(signature), "\(hint.text)")
        #expect(hint.current.map { String(decoding: bytes[$0.start..<$0.end], as: UTF8.self) } == current)
    }

    @Test(arguments: ["", "1 + 1", "docker.tag(\"a\", \"b\")", "nothing(", "\"docker.tag("])
    func noSignatureOutsideOfACall(_ text: String) throws {
        #expect(SignatureHint(text, names: try Self.names()) == nil)
    }

    /// Whatever stands before the cursor, nothing breaks.
    @Test func everyPrefixOfARecipeCanBeCompleted() throws {
        let names = try Self.names("let image = Image(\"a:b\")")
        let text = """
            ## Docs
            recipe all(version: Version = "FROM_CHANGELOG", ...dev.release) {
                let x = docker.build(context: ".", file: 'a', tags: [image, "b:${version.major ?? "${1}"}"], args: {A: "b"})
                parallel { step "a ${x}" { $ docker run --rm ${x} | tee "out ${version}" } }
                match x { "a" | "b" => { print($(git log --oneline)[0]) } else => retry(3, every: 2s) { f(g(1)[2]?.h) } }
            }
            """
        let bytes = Array(text.utf8)
        for end in 0...bytes.count {
            let prefix = String(decoding: bytes[..<end], as: UTF8.self)
            let completion = Completion(prefix, names: names)
            #expect(completion.start <= prefix.utf8.count)
            _ = SignatureHint(prefix, names: names)
        }
    }
}
