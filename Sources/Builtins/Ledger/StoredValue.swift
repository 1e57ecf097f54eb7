package import Lang

/// Values as JSON, and back again just as they were: with their types, which plain JSON would lose.
///
/// What JSON has stands for itself; everything else is an object whose `$` names the type. Errors lose where they arose.
package enum StoredValue {
    /// Why a value cannot be kept.
    package enum Refusal: Error, Sendable {
        /// Code and what it has captured belong to the program that runs.
        case function
        case secret
        /// Deeper or longer than anything that is worth keeping.
        case size
    }

    /// What is written of a secret.
    package enum Secrets: Sendable {
        case refused
        /// Where it came from, which tells two of them apart.
        case asSources
    }

    static let largest = 4 << 20

    /// - Parameter unknowns: whether what only a real run would know may be in it, as in a plan; it cannot be read again.
    package static func text(
        of value: Value, secrets: Secrets = .refused, unknowns: Bool = false
    ) throws(Refusal) -> String {
        let plain = try plain(value, 0, secrets, unknowns)
        let text: String? = Work.$monitor.withValue(nil) {
            var printer = JSONPrinter(isIndented: false)
            return (try? printer.print(plain, depth: 0)) == nil ? nil : printer.text
        }
        guard let text, text.utf8.count <= largest else { throw .size }
        return text
    }

    /// - Parameter secret: gives that of a source; without it a secret cannot be read.
    /// - Throws: where the text is not what `text(of:)` gives.
    package static func value(of text: String, secret: ((String) -> Secret?)? = nil) throws -> Value {
        try Work.$monitor.withValue(nil) {
            var parser = JSONParser(text)
            return try read(try parser.parse(), secret)
        }
    }

    /// Where the secrets in a value come from.
    static func secretSources(in value: Value) -> [String] {
        if let items = value.asList { return items.flatMap(secretSources) }
        if let map = value.asMap { return map.values.flatMap(secretSources) }
        if case .secret(let secret)? = value.asDomain { return [secret.source] }
        return []
    }

    // MARK: Writing

    private static func plain(
        _ value: Value, _ depth: Int, _ secrets: Secrets, _ unknowns: Bool
    ) throws(Refusal) -> Value {
        if depth > 200 { throw .size }
        guard case .object(let object) = value else {
            switch value {
            case .missing: return .null
            case .float(let float): return tagged("Float", ("v", .string(float.description)))
            default: return value
            }
        }
        switch object {
        case is StringObject: return value
        case let list as ListObject:
            var items: [Value] = []
            for item in list.items { items.append(try plain(item, depth + 1, secrets, unknowns)) }
            return .list(items)
        case let map as MapObject:
            var values: [Value] = []
            for item in map.entries.values { values.append(try plain(item, depth + 1, secrets, unknowns)) }
            return tagged("Map", ("k", .list(map.entries.keys.map(Value.string))), ("v", .list(values)))
        case let range as RangeObject:
            return tagged(
                "Range", ("from", .int(range.lower)), ("to", .int(range.upper)), ("last", .bool(range.isInclusive)))
        case let domain as DomainObject: return try plain(domain.domain, secrets)
        case let unknown as UnknownObject where unknowns: return tagged("Unknown", ("from", .string(unknown.origin)))
        default: throw .function
        }
    }

    private static func plain(_ domain: DomainValue, _ secrets: Secrets) throws(Refusal) -> Value {
        func text(_ text: String) -> Value { tagged(domain.typeName, ("v", .string(text))) }
        switch domain {
        case .version(let version): return text(version.description)
        case .image(let image): return text(image.description)
        case .digest(let digest): return text(digest.description)
        case .path(let path): return text(path.text)
        case .size(let size): return tagged("Size", ("v", .int(size.bytes)))
        case .duration(let duration): return plain(duration)
        case .registry(let registry):
            return tagged(
                "Registry", ("name", .string(registry.name)), ("base", .string(registry.base)),
                ("stages", .list(registry.stages.map(Value.string))), ("username", registry.username.value),
                ("variable", registry.passwordEnvironment.value), ("login", .string(registry.login)),
                ("scheme", registry.scheme.value))
        case .commandResult(let result):
            return tagged(
                "CommandResult", ("code", .int(result.exitCode)), ("stdout", .string(result.stdout)),
                ("stderr", .string(result.stderr)), ("duration", plain(result.duration)))
        case .error(let error): return plain(error)
        case .secret(let secret):
            guard case .asSources = secrets else { throw .secret }
            return tagged("Secret", ("source", .string(secret.source)))
        }
    }

    private static func plain(_ duration: Duration) -> Value {
        let (seconds, rest) = duration.components
        return tagged("Duration", ("s", .int(Int(seconds))), ("as", .int(Int(rest))))
    }

    static func plain(_ error: RuntimeError) -> Value {
        let command = error.command.map { command in
            Value.list([.string(command.line), command.exitCode.value, .string(command.output)])
        }
        return tagged(
            "Error", ("kind", .string(error.kind.rawValue)), ("id", .string(error.id)),
            ("message", .string(error.message)),
            ("help", error.help.value), ("command", command ?? .null), ("exit", error.exitCode.value))
    }

    private static func tagged(_ type: String, _ fields: (String, Value)...) -> Value {
        .map(OrderedMap([("$", .string(type))] + fields))
    }

    // MARK: Reading

    private struct Malformed: Error {}

    private static func read(_ value: Value, _ secret: ((String) -> Secret?)?) throws -> Value {
        if let items = value.asList { return .list(try items.map { try read($0, secret) }) }
        guard let fields = value.asMap else { return value }
        func field(_ name: String) -> Value { fields[name] ?? .null }
        func text(_ name: String = "v") throws -> String {
            guard let text = field(name).asString else { throw Malformed() }
            return text
        }
        func int(_ name: String = "v") throws -> Int {
            guard case .int(let int) = field(name) else { throw Malformed() }
            return int
        }
        switch try text("$") {
        case "Float":
            guard let float = Double(try text()) else { throw Malformed() }
            return .float(float)
        case "Map":
            guard let keys = try [String].from(field("k")), let values = field("v").asList else { throw Malformed() }
            return .map(OrderedMap(zip(keys, try values.map { try read($0, secret) }).map { ($0, $1) }))
        case "Range":
            guard case .bool(let isInclusive) = field("last") else { throw Malformed() }
            return .object(RangeObject(try int("from"), try int("to"), isInclusive: isInclusive))
        case "Version": return .domain(.version(try Version(parsing: try text())))
        case "Image": return .domain(.image(try ImageReference(parsing: try text())))
        case "Digest": return .domain(.digest(try Digest(parsing: try text())))
        case "Path": return .domain(.path(Path(try text())))
        case "Size": return .domain(.size(Size(bytes: try int())))
        case "Duration": return .domain(.duration(try duration(value)))
        case "Registry":
            return .domain(
                .registry(
                    Registry(
                        name: try text("name"), base: try text("base"),
                        stages: try [String].from(field("stages")) ?? [],
                        username: field("username").asString, passwordEnvironment: field("variable").asString,
                        login: try text("login"), scheme: field("scheme").asString)))
        case "CommandResult":
            return .domain(
                .commandResult(
                    CommandResult(
                        exitCode: try int("code"), stdout: try text("stdout"), stderr: try text("stderr"),
                        duration: try duration(field("duration")))))
        case "Error": return .domain(.error(try error(value)))
        case "Secret":
            guard let known = secret?(try text("source")) else { throw Malformed() }
            return .domain(.secret(known))
        default: throw Malformed()
        }
    }

    private static func duration(_ value: Value) throws -> Duration {
        guard case .int(let seconds)? = value.asMap?["s"], case .int(let rest)? = value.asMap?["as"] else {
            throw Malformed()
        }
        return Duration(secondsComponent: Int64(seconds), attosecondsComponent: Int64(rest))
    }

    private static func error(_ value: Value) throws -> RuntimeError {
        let fields = value.asMap ?? OrderedMap()
        guard let kind = fields["kind"]?.asString.flatMap(RuntimeError.Kind.init(rawValue:)),
            let id = fields["id"]?.asString, let message = fields["message"]?.asString
        else { throw Malformed() }
        var error = RuntimeError(kind, Message(message, help: fields["help"]?.asString, id: id))
        if let command = fields["command"]?.asList, command.count == 3 {
            error.command = RuntimeError.FailedCommand(
                line: command[0].asString ?? "", exitCode: Int.from(command[1]), output: command[2].asString ?? "")
        }
        error.exitCode = fields["exit"].flatMap(Int.from)
        return error
    }

    static func error(of text: String) throws -> RuntimeError {
        var parser = JSONParser(text)
        return try error(try parser.parse())
    }

    static func text(of error: RuntimeError) -> String {
        (try? text(of: .domain(.error(error)))) ?? "null"
    }

    // MARK: Images in it

    /// The images in a value that are named by digest.
    package static func images(in value: Value) -> [ImageReference] {
        guard case .object(let object) = value else { return [] }
        switch object {
        case let list as ListObject: return list.items.flatMap(images)
        case let map as MapObject: return map.entries.values.flatMap(images)
        case let domain as DomainObject:
            if case .image(let image) = domain.domain, image.digest != nil { return [image] }
            return []
        default: return []
        }
    }
}
