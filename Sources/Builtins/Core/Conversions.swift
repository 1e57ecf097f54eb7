package import Lang

/// The types as their own constructors, and `type_of`.
package enum ConversionBuiltins {
    package static let all: [Builtin] = plain + domain

    private static let plain: [Builtin] = [
        .pure(
            "Str", "The value as text, as `print` shows it.", Parameter<Value>("value", "what becomes text"),
            example: """
                > Str(1)
                "1"
                > Str(1.2.3)
                "1.2.3"
                """
        ) { (value: Value) -> String in
            if case .secret? = value.asDomain { throw RuntimeError(.value, .secretAsText()) }
            return value.display
        },
        .pure(
            "Int", "The Int that a text or a whole Float stands for.", Parameter<Value>("value", "a Str, Float or Int"),
            example: """
                > Int("7")
                7
                > Int(7.0)
                7
                """
        ) { (value: Value) -> Int in
            switch value {
            case .int(let int): return int
            case .float(let float):
                guard float.rounded() == float else { throw RuntimeError(.value, .notWhole(float)) }
                return try wholeInt(float)
            default: return try parseInt(text(value, for: "Int", or: ", a Float or an Int"))
            }
        },
        .pure(
            "Float", "The Float that a text or an Int stands for.", Parameter<Value>("value", "a Str, Int or Float"),
            example: """
                > Float(1)
                1.0
                > Float("2.5")
                2.5
                """
        ) { (value: Value) -> Double in
            switch value {
            case .int(let int): return Double(int)
            case .float(let float): return float
            default: return try parseFloat(text(value, for: "Float", or: ", an Int or a Float"))
            }
        },
        .pure(
            "Bool", "The Bool that the text `true` or `false` stands for.", Parameter<Value>("value", "a Str or Bool"),
            example: """
                > Bool("true")
                true
                """
        ) { (value: Value) -> Bool in
            if case .bool(let bool) = value { return bool }
            switch try text(value, for: "Bool", or: " or a Bool") {
            case "true": return true
            case "false": return false
            case let other: throw ValueError.notBool(other)
            }
        },
        .pure(
            "type_of", "The name of the value's type.", Parameter<Value>("value", "anything"),
            example: """
                > type_of(1.2.3)
                "Version"
                """
        ) { (value: Value) -> String in value.typeName },
    ]

    private static let domain: [Builtin] = [
        .pure(
            "Version", "The version that a text stands for, by Semantic Versioning 2.0.0.",
            Parameter<Value>("value", "a Str or Version"),
            example: """
                > Version("1.2.3-rc.1")
                Version("1.2.3-rc.1")
                """
        ) { (value: Value) -> Version in
            try Version.from(value) ?? Version(parsing: text(value, for: "Version", or: " or a Version"))
        },
        .pure(
            "Image", "The image that a text names, by Docker's rules: `redis` is `docker.io/library/redis`.",
            Parameter<Value>("value", "a Str or Image"),
            example: """
                > Image("redis").registry
                "docker.io"
                """
        ) { (value: Value) -> ImageReference in
            try ImageReference.from(value) ?? ImageReference(parsing: text(value, for: "Image", or: " or an Image"))
        },
        .pure(
            "Digest", "The digest that a text stands for.", Parameter<Value>("value", "a Str or Digest"),
            example: """
                > Digest("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855").short
                "e3b0c44298fc"
                """
        ) { (value: Value) -> Digest in
            try Digest.from(value) ?? Digest(parsing: text(value, for: "Digest", or: " or a Digest"))
        },
        .pure(
            "Path", "The path that a text stands for.", Parameter<Value>("value", "a Str or Path"),
            example: """
                > Path("devops/dev.Dockerfile").name
                "dev.Dockerfile"
                """
        ) { (value: Value) -> Path in
            if let path = Path.from(value), value.asString == nil { return path }
            let text = try text(value, for: "Path", or: " or a Path")
            if text.utf8.contains(0) { throw ValueError("path", mustBe: "without NUL characters", butIs: text) }
            return Path(text)
        },
        .pure(
            "Duration", "The Duration that a text stands for.", Parameter<Value>("value", "a Str or Duration"),
            example: """
                > Duration("1h30m")
                1h30m
                """
        ) { (value: Value) -> Duration in
            try Duration.from(value) ?? Duration(parsing: text(value, for: "Duration", or: " or a Duration"))
        },
        .pure(
            "Size", "The Size that a text stands for.", Parameter<Value>("value", "a Str or Size"),
            example: """
                > Size("200MB")
                200MB
                """
        ) { (value: Value) -> Size in
            try Size.from(value) ?? Size(parsing: text(value, for: "Size", or: " or a Size"))
        },
    ]

    /// The text to read; `others` are the further types that the constructor takes.
    private static func text(_ value: Value, for type: String, or others: String) throws -> String {
        if let text = value.asString { return text }
        throw RuntimeError(.value, .notConvertible(value, to: type, from: "a Str" + others))
    }
}
