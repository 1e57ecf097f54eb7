import Lang

/// The settings of a project as they were found: the file with what the environment and `--set` put over it. Knows
/// where each came from, so that a mistake can be shown at its place.
struct ProjectSettings {
    let file: SourceFile
    private(set) var root: Value
    private let document: TOMLTable
    /// The paths that something else than the file has set, and what.
    private var origins: [[String]: String] = [:]

    /// Reads and checks the file, then the environment (`RELSH_NAME`), then `--set`, each over the one before.
    init(file: SourceFile, environment: [String: String], options: [(String, String)]) throws {
        self.file = file
        document = try TOMLText.read(file)
        root = .map(TOMLText.entries(document))
        try check(root, .project, at: [])
        for path in SettingShape.project.leaves(in: root) {
            let variable = Self.variable(for: path)
            if let text = environment[variable] { try override(path, with: text, origin: variable) }
        }
        for (key, text) in options {
            let origin = "--set \(key)=\(text)"
            guard let path = TOMLReader.names(inKey: key), !path.contains("") else {
                throw RuntimeError(.value, .malformedSettingName(key, origin: origin))
            }
            try override(path, with: text, origin: origin)
        }
        try check(root, .project, at: [])
    }

    /// `RELSH_REGISTRIES_AWS_ECR_CK_BASE`: capital letters and digits, everything else a `_`.
    static func variable(for path: [String]) -> String {
        let words = path.joined(separator: "_").unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? scalar : "_"
        }
        return "RELSH_" + String(String.UnicodeScalarView(words)).uppercased()
    }

    // MARK: - Reading

    func text(_ path: String...) -> String? { value(path)?.asString }
    func texts(_ path: String...) -> [String]? { value(path)?.asList?.compactMap(\.asString) }
    func count(_ path: String...) -> Int? { if case .int(let count)? = value(path) { count } else { nil } }
    /// Whether `false` stands there.
    func isOff(_ path: String...) -> Bool { if case .bool(false)? = value(path) { true } else { false } }
    func names(in table: String) -> [String] { value([table])?.asMap?.keys ?? [] }

    private func value(_ path: [String]) -> Value? {
        path.reduce(Optional(root)) { $0?.asMap?[$1] }
    }

    /// An error about the setting at `path`, with its place.
    func error(_ path: [String], _ message: (String) -> Message) -> RuntimeError {
        if let origin = origin(of: path) { return RuntimeError(.value, message(origin)) }
        let location = SourceLocation(file: file, range: document.keyRange(at: path) ?? SourceRange(0, 0))
        var error = RuntimeError(.value, message(location.description))
        error.location = location
        return error
    }

    private func origin(of path: [String]) -> String? {
        origins.first { path.starts(with: $0.key) || $0.key.starts(with: path) && document.keyRange(at: path) == nil }?
            .value
    }

    // MARK: - Writing over

    private mutating func override(_ path: [String], with text: String, origin: String) throws {
        guard let shape = SettingShape.project.shape(at: path) else {
            origins[path] = origin
            throw unknown(path)
        }
        origins[path] = origin
        root = try replacing(root, path[...], with: Self.read(text, as: shape), from: path)
    }

    /// A text needs no quotes here; for anything else TOML says what it is.
    private static func read(_ text: String, as shape: SettingShape) -> Value {
        let value = TOMLText.value(text)
        if case .text = shape { return value?.asString == nil ? .string(text) : value ?? .null }
        if case .textOrOff = shape, value?.asString == nil, text != "false" { return .string(text) }
        return value ?? .string(text)
    }

    private func replacing(_ value: Value?, _ rest: ArraySlice<String>, with new: Value, from path: [String]) throws
        -> Value
    {
        guard let key = rest.first else { return new }
        var entries = value?.asMap ?? OrderedMap()
        entries[key] = try replacing(entries[key], rest.dropFirst(), with: new, from: path)
        return .map(entries)
    }

    // MARK: - Checking

    private func check(_ value: Value, _ shape: SettingShape, at path: [String]) throws {
        switch shape {
        case .text:
            if value.asString == nil { throw wrongType(path, shape, value) }
        case .texts:
            guard let items = value.asList, items.allSatisfy({ $0.asString != nil }) else {
                throw wrongType(path, shape, value)
            }
        case .textOrOff:
            if case .bool(false) = value { return }
            if value.asString == nil { throw wrongType(path, shape, value) }
        case .count:
            guard case .int(let count) = value, count > 0 else { throw wrongType(path, shape, value) }
        case .table(let fields):
            guard let entries = value.asMap else { throw wrongType(path, shape, value) }
            for (key, item) in entries {
                guard let field = fields.first(where: { $0.key == key }) else { throw unknown(path + [key]) }
                try check(item, field.shape, at: path + [key])
            }
        case .named(let inner):
            guard let entries = value.asMap else { throw wrongType(path, shape, value) }
            for (key, item) in entries { try check(item, inner, at: path + [key]) }
        }
    }

    private func wrongType(_ path: [String], _ shape: SettingShape, _ value: Value) -> RuntimeError {
        error(path) { .wrongSettingType(TOMLKey.dotted(path), expected: shape.description, got: value, at: $0) }
    }

    /// The first part of the path that names nothing, with what was probably meant.
    private func unknown(_ path: [String]) -> RuntimeError {
        var known: [String] = []
        while known.count < path.count, SettingShape.project.shape(at: known + [path[known.count]]) != nil {
            known.append(path[known.count])
        }
        var candidates: [String] = []
        if case .table(let fields)? = SettingShape.project.shape(at: known) { candidates = fields.map(\.key) }
        let key = known.count < path.count ? path[known.count] : path.last ?? ""
        return error(path) {
            .unknownSetting(
                key, in: TOMLKey.dotted(known), known: candidates, suggestion: suggestion(for: key, among: candidates),
                at: $0)
        }
    }
}
