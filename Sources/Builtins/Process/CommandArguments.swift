import Lang

/// The arguments that `run` and `sh` share, read and ready to use.
struct CommandArguments: Sendable {
    let request: ProcessRequest
    let effect: Effect
    private let check: Bool
    private let timeout: Duration?
    let directory: String?
    private let input: ProcessOptions.Input

    static let parameters: [ParameterSignature] = [
        Parameter<Bool>("check", "raise an error when it ends with an exit code other than 0", default: true).signature,
        Parameter<Duration?>("timeout", "stop it when it takes longer", default: nil).signature,
        Parameter<Path?>("cwd", "the directory it runs in", default: nil).signature,
        ParameterSignature(
            name: "env", summary: "added to its environment; a value is a Str or a Secret",
            type: .map(.union([.str, .secret])), defaultText: "{}"),
        ParameterSignature(
            name: "stdin", summary: "its standard input, a Str or a Secret",
            type: .union([.str, .secret, .null]), defaultText: "null"),
        ParameterSignature(
            name: "effect", summary: "`\"reads\"` if it changes nothing: then a dry run runs it too",
            type: .union([.literal("changes"), .literal("reads")]), defaultText: "\"changes\""),
    ]

    init(_ arguments: [Value], of builtin: String, words: (Value) throws -> [String]) throws {
        func argument(_ position: Int) -> Value { position < arguments.count ? arguments[position] : .missing }
        func read<T: Bridged>(_ position: Int, _ name: String, default value: @autoclosure () -> T) throws -> T {
            let given = argument(position)
            if case .missing = given { return value() }
            if let read = try T.from(given) { return read }
            throw RuntimeError(.value, .wrongArgumentType(name, of: builtin, expected: T.valueType, got: given))
        }

        guard case let first = argument(0), !first.isMissing else {
            throw RuntimeError(.value, .missingArgument(builtin == "sh" ? "script" : "command", of: builtin))
        }
        let (environment, secrets) = try CommandArguments.environment(argument(4), of: builtin)
        request = ProcessRequest(try words(first), environment: environment, secrets: secrets)
        check = try read(1, "check", default: true)
        timeout = try read(2, "timeout", default: nil)
        directory = try read(3, "cwd", default: Path?.none)?.text
        input = try CommandArguments.input(argument(5), of: builtin)
        let effect: String = try read(6, "effect", default: "changes")
        guard let effect = Effect(rawValue: effect), effect != .pure else {
            throw RuntimeError(.value, .wrongEffect(effect))
        }
        self.effect = effect
    }

    func run(in world: World) async throws -> CommandResult {
        let outcome = try await Command.run(
            request.arguments, in: world, check: check, timeout: timeout, input: input, cwd: directory,
            environment: request.environment, secrets: request.secrets)
        return CommandResult(
            exitCode: outcome.exitCode, stdout: outcome.stdout, stderr: outcome.stderr, duration: outcome.duration)
    }

    private static func environment(
        _ value: Value, of builtin: String
    ) throws -> (plain: [String: String], secrets: [String: Secret]) {
        if value.isMissing || value.isNull { return ([:], [:]) }
        let expected = ValueType.map(.union([.str, .secret]))
        guard let entries = value.asMap else {
            throw RuntimeError(.value, .wrongArgumentType("env", of: builtin, expected: expected, got: value))
        }
        var plain: [String: String] = [:]
        var secrets: [String: Secret] = [:]
        for (name, entry) in entries {
            if let text = entry.asString {
                plain[name] = text
            } else if case .secret(let secret)? = entry.asDomain {
                secrets[name] = secret
            } else {
                throw RuntimeError(.value, .wrongEnvironmentValue(name, entry))
            }
        }
        return (plain, secrets)
    }

    private static func input(_ value: Value, of builtin: String) throws -> ProcessOptions.Input {
        if value.isMissing || value.isNull { return .none }
        if let text = value.asString { return .text(text) }
        if case .secret(let secret)? = value.asDomain { return .secret(secret) }
        let expected = ValueType.union([.str, .secret, .null])
        throw RuntimeError(.value, .wrongArgumentType("stdin", of: builtin, expected: expected, got: value))
    }
}

extension Value {
    /// True for an argument that was not given.
    fileprivate var isMissing: Bool { if case .missing = self { true } else { false } }
}
