import Testing

@testable import Builtins
@testable import Lang

@Suite struct ConversionsTests {
    @Test func constructors() {
        #expect(call("Str", .float(1)) == #""1.0""#)
        #expect(call("Str", ["a"]) == #""[\"a\"]""#)
        #expect(call("Int", "7") == "7")
        #expect(call("Int", .float(-3)) == "-3")
        #expect(call("Int", .float(2.5)).contains("must be whole"))
        #expect(call("Int", .float(1e300)).contains("must fit an Int"))
        #expect(call("Int", "x").contains("Int must be digits"))
        #expect(call("Int", true).contains("but is true (Bool)"))
        #expect(call("Float", 1) == "1.0")
        #expect(call("Float", "2.5") == "2.5")
        #expect(call("Bool", "yes").contains("true or false"))
        #expect(call("Version", "1.2.3") == "1.2.3")
        #expect(call("Version", "1.2").contains("version must be"))
        #expect(call("Version", 1).contains("must be a Str or a Version"))
        #expect(call("Path", "a\0").contains("NUL"))
        #expect(call("Duration", "5m") == "5m")
        #expect(call("Size", "1KiB") == "1KiB")
        let secret = call("Str", .domain(.secret(Secret("hush", source: "env T"))))
        #expect(secret.contains("Secret") && !secret.contains("hush"))
    }

    @Test func numbers() {
        #expect(call("Int.abs", -3) == "3")
        #expect(call("Int.abs", .int(.min)).contains("must fit an Int"))
        #expect(call("Float.round", .float(2.5)) == "3")
        #expect(call("Float.round", .float(-2.5)) == "-3")
        #expect(call("Float.floor", .float(-0.5)) == "-1")
        #expect(call("Float.ceil", .float(1e19)).contains("must fit an Int"))
        #expect(call("min", 3, 1, 2) == "1")
        #expect(call("max").contains("given none"))
        #expect(call("max", [1]).contains("given a List"))
    }

    @Test func versions() throws {
        let version = Value.domain(.version(try Version(parsing: "1.2.3-rc.1+b")))
        #expect(call("Version.bump", version, "minor") == "1.3.0")
        #expect(call("Version.bump", version, "middle").contains("but is \"middle\""))
        #expect(call("Version.with", version, .missing, .missing, 0) == #"Version("1.2.0-rc.1+b")"#)
        #expect(call("Version.with", version, .missing, .missing, .missing, .null, .null) == "1.2.3")
        #expect(call("Version.with", version, -1).contains("0 or more"))
        #expect(call("Version.prerelease", version) == #""rc.1""#)
    }

    @Test func images() throws {
        let image = Value.domain(.image(try ImageReference(parsing: "me/app:1")))
        #expect(call("Image.with", image, "ghcr.io", .missing, "2") == #"Image("ghcr.io/me/app:2")"#)
        #expect(call("Image.with", image, .missing, .missing, .null) == #"Image("me/app")"#)
        #expect(call("Image.with", image, .missing, .missing, "no spaces").contains("tag of an image"))
        #expect(call("Image.digest", image) == "null")
    }

    @Test func everyBuiltinHasAnExampleAndASummary() {
        for builtin in CoreBuiltins.all {
            #expect(builtin.signature.example.hasPrefix("> "), "\(builtin.name)")
            #expect(
                builtin.signature.summary.hasSuffix(".") || builtin.signature.summary.hasSuffix(".)"), "\(builtin.name)"
            )
        }
        let names = CoreBuiltins.all.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
