package import Lang

/// `env`: the environment that relsh was started with.
package enum EnvBuiltins {
    package static let all: [Builtin] = [get, require, has, secret]

    private static let get: Builtin = .reads(
        "env.get", "Returns an environment variable, or `default` where it is not set.",
        Parameter<String>("name", "the variable's name"),
        Parameter<String?>("default", "what to return where it is not set", default: nil),
        example: """
            > env.get("RELSH_NO_SUCH_VARIABLE", default: "none")
            "none"
            """
    ) { (world: World, name: String, fallback: String?) -> String? in
        world.environment[name] ?? fallback
    }

    private static let require: Builtin = .reads(
        "env.require", "Returns an environment variable that must be set, and not be empty.",
        Parameter<String>("name", "the variable's name"),
        example: """
            > env.require("HOME").len() > 0
            true
            """
    ) { (world: World, name: String) -> String in
        try required(name, in: world)
    }

    private static let has: Builtin = .reads(
        "env.has", "Tells whether an environment variable is set, even if it is empty.",
        Parameter<String>("name", "the variable's name"),
        example: """
            > env.has("RELSH_NO_SUCH_VARIABLE")
            false
            """
    ) { (world: World, name: String) -> Bool in
        world.environment[name] != nil
    }

    private static let secret: Builtin = .reads(
        "env.secret",
        "Returns an environment variable that must not be seen: it shows as •••, and a record names only where it is from.",
        Parameter<String>("name", "the variable's name"),
        example: """
            > env.secret("HOME")
            •••
            """
    ) { (world: World, name: String) -> Secret in
        try SecretSource.checked(try required(name, in: world), from: "env \(name)")
    }

    private static func required(_ name: String, in world: World) throws -> String {
        guard let value = world.environment[name], !value.isEmpty else {
            let isEmpty = world.environment[name] != nil
            let similar = isEmpty ? nil : suggestion(for: name, among: Array(world.environment.keys))
            throw RuntimeError(.world, .noEnvironmentVariable(name, isEmpty: isEmpty, suggestion: similar))
        }
        return value
    }
}
