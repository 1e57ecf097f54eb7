import Testing

@testable import Lang

@Suite struct DescriptionsTests {
    @Test func textIsQuotedSoThatItReadsBack() {
        #expect(quoted("a\n\"\\\t\r") == #""a\n\"\\\t\r""#)
        #expect(quoted("$x ${y} $") == #""$x \${y} $""#)
        #expect(quoted("$${a}") == #""$\${a}""#)
        #expect(quoted("\u{1b}\u{202e}é") == #""\u{1b}\u{202e}é""#)
        #expect(quoted("") == "\"\"")
    }

    @Test(arguments: [
        (1.0, "1.0"), (-0.5, "-0.5"), (1e16, "10000000000000000.0"), (1.5e17, "150000000000000000.0"),
        (1e-5, "0.00001"), (-1.25e-7, "-0.000000125"), (1e100, "1" + String(repeating: "0", count: 100) + ".0"),
    ])
    func floatsShowAsFloats(float: Double, literal: String) {
        #expect(Value.float(float).literal == literal)
        #expect(Double(literal) == float)
    }

    @Test func extremeFloatsReadBack() {
        for float in [Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, .pi, 0.1] {
            #expect(Double(Value.float(float).literal) == float)
        }
    }

    @Test func containersAreLiterals() {
        let map = Value.map(
            OrderedMap([("tags", .list([.string("dev")])), ("n", .int(1)), ("a b", .null), ("1st", .bool(true))]))
        #expect(map.literal == #"{tags: ["dev"], n: 1, "a b": null, "1st": true}"#)
        #expect(Value.list([]).literal == "[]")
        #expect(Value.map(OrderedMap()).literal == "{}")
        #expect(Value.list([.list([.string("a")])]).display == #"[["a"]]"#)
        #expect(Value.object(RangeObject(1, 3, isInclusive: false)).literal == "1..<3")
    }

    @Test func domainValues() throws {
        let release = Value.domain(.version(try Version(parsing: "1.2.3")))
        let candidate = Value.domain(.version(try Version(parsing: "1.2.3-rc.1")))
        #expect(release.literal == "1.2.3")
        #expect(candidate.literal == #"Version("1.2.3-rc.1")"#)
        #expect(candidate.display == "1.2.3-rc.1")
        let image = Value.domain(.image(try ImageReference(parsing: "docker.io/library/redis:7")))
        #expect(image.literal == #"Image("redis:7")"#)
        #expect(image.display == "redis:7")
        #expect(Value.domain(.path(Path("a/b"))).display == "a/b")
        #expect(Value.list([image]).display == #"[Image("redis:7")]"#)
    }

    @Test func secretsAndUnknowns() {
        let secret = Value.domain(.secret(Secret("hush", source: "env TOKEN")))
        #expect(secret.literal == "•••")
        #expect(secret.display == "•••")
        #expect(Value.list([secret]).display == "[•••]")
        #expect(!secret.described.contains("hush"))
        #expect(Value.unknown("docker build .").literal == "<known at run time: docker build .>")
    }

    @Test func deepAndRepeatedValuesAreCut() {
        var deep = Value.list([])
        for _ in 0..<10_000 { deep = .list([deep]) }
        #expect(deep.literal == String(repeating: "[", count: 100) + "…" + String(repeating: "]", count: 100))
        var repeated = Value.list([.int(1)])
        for _ in 0..<90 { repeated = .list([repeated, repeated]) }
        #expect(repeated.literal.utf8.count < 70 << 20)
    }

    @Test func typeNames() {
        #expect(Value.null.typeName == "Null")
        #expect(Value.string("").typeName == "Str")
        #expect(Value.domain(.duration(.seconds(1))).typeName == "Duration")
    }
}
