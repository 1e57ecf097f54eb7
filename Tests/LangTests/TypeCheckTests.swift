import Testing

@testable import Lang

private let ghcr = Registry(
    name: "ghcr", base: "ghcr.io/team", stages: ["dev"], username: nil, passwordEnvironment: nil, login: "none")

private func parse(_ type: ValueType, _ text: String) -> String {
    do throws(ValueError) {
        return try type.parse(text, registries: { $0 == "ghcr" ? ghcr : nil }).literal
    } catch {
        return "error: \(error.message)" + (error.hint.map { "; \($0)" } ?? "")
    }
}

@Suite struct TypeCheckTests {
    @Test func acceptance() throws {
        let version = Value.domain(.version(try Version(parsing: "1.2.3")))
        #expect(ValueType.version.accepts(version))
        #expect(!ValueType.version.accepts(.string("1.2.3")))
        #expect(ValueType.list(.int).accepts(.list([.int(1)])))
        #expect(!ValueType.list(.int).accepts(.list([.int(1), .float(1)])))
        #expect(ValueType.map(.str).accepts(.map(OrderedMap([("a", .string("b"))]))))
        #expect(ValueType.optional(.str).accepts(.null))
        #expect(!ValueType.str.accepts(.null))
        #expect(ValueType.union([.literal("dev"), .literal("prod")]).accepts(.string("prod")))
        #expect(!ValueType.union([.literal("dev"), .literal("prod")]).accepts(.string("qa")))
        #expect(!ValueType.float.accepts(.int(1)))
        #expect(ValueType.version.accepts(.unknown("git describe")))
        #expect(ValueType.list(.version).accepts(.list([version, .unknown("git describe")])))
    }

    @Test func optionsBecomeValues() {
        #expect(parse(.int, "1_000") == "1000")
        #expect(parse(.int, "0xff") == "255")
        #expect(parse(.int, "-9223372036854775808") == "-9223372036854775808")
        #expect(parse(.float, "5") == "5.0")
        #expect(parse(.bool, "yes") == "true")
        #expect(parse(.bool, "no") == "false")
        #expect(parse(.version, "1.2.3-rc.1") == #"Version("1.2.3-rc.1")"#)
        #expect(parse(.duration, "1h30m") == "1h30m")
        #expect(parse(.size, "200MB") == "200MB")
        #expect(parse(.image, "redis:7") == #"Image("redis:7")"#)
        #expect(parse(.path, "a/b") == #"Path("a/b")"#)
        #expect(parse(.list(.registry), "ghcr,ghcr") == #"[Registry("ghcr"), Registry("ghcr")]"#)
        #expect(parse(.list(.str), "") == "[]")
        #expect(parse(.list(.str), "a,,b") == #"["a", "", "b"]"#)
        #expect(parse(.map(.int), "a=1,b=2") == "{a: 1, b: 2}")
        #expect(parse(.optional(.str), "null") == #""null""#)
        #expect(parse(.any, "1") == #""1""#)
    }

    @Test func unionsTryExactTextFirst() {
        let type = ValueType.union([.version, .literal("FROM_CHANGELOG")])
        #expect(parse(type, "FROM_CHANGELOG") == #""FROM_CHANGELOG""#)
        #expect(parse(type, "1.2.3") == "1.2.3")
        #expect(
            parse(type, "FROM_CHANGLOG")
                == #"error: value must be one of "FROM_CHANGELOG", Version, but is "FROM_CHANGLOG"; did you mean FROM_CHANGELOG?"#
        )
        #expect(parse(.optional(.version), "1.2").hasPrefix("error: version must be major.minor.patch"))
    }

    @Test func mistakesAreNamed() {
        #expect(parse(.int, "9223372036854775808").contains("between"))
        #expect(parse(.int, "0xffffffffffffffffff").contains("between"))
        for text in ["", "-", "1.5", "0x", "1_", "_1", "1__0", "+-1", "1 ", "0b1", "é"] {
            #expect(parse(.int, text).hasPrefix("error: Int must be"), "\(text)")
        }
        for text in ["", ".", "1.", "nan", "inf", "0x1p3", "1e999", "1e", "1,5"] {
            #expect(parse(.float, text).hasPrefix("error: Float must be"), "\(text)")
        }
        #expect(parse(.bool, "on").hasPrefix("error: Bool must be"))
        #expect(parse(.registry, "ecr") == #"error: registry must be one of the project's, but is "ecr""#)
        #expect(parse(.secret, "hush").contains("must not stand on a command line"))
        #expect(!parse(.secret, "hush").contains("hush"))
        #expect(parse(.fn, "f").contains("Fn"))
        #expect(parse(.path, "a\0b").contains("NUL"))
    }

    @Test func annotationsBecomeTypes() {
        let range = SourceRange(0, 1)
        func name(_ text: String) -> TypeExpression { TypeExpression(range: range, kind: .name(text)) }
        func resolve(_ kind: TypeExpression.Kind) -> (ValueType, [String]) {
            var messages: [String] = []
            let type = ValueType(TypeExpression(range: range, kind: kind)) { messages.append($1.text) }
            return (type, messages)
        }
        #expect(resolve(.optional(name("Str"))).0 == .union([.str, .null]))
        #expect(resolve(.map(name("Str"), name("Int"))).0 == .map(.int))
        #expect(resolve(.map(name("Int"), name("Int"))).1 == ["the keys of a map must be Str"])
        #expect(resolve(.name("Verison")).1 == ["there is no type `Verison`"])
        let union = TypeExpression(range: range, kind: .union([name("Int"), name("null")]))
        #expect(resolve(.union([union, name("Int"), name("Str")])).0 == .union([.int, .null, .str]))
        #expect(resolve(.union([name("Int"), name("Int")])).0 == .int)
    }
}
