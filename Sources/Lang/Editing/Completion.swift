/// What could stand at the cursor.
package struct Completion: Sendable {
    package struct Candidate: Sendable, Equatable {
        /// What the text from `start` to the cursor becomes.
        package let text: String
        /// What it is, for a list: a signature, a type.
        package let detail: String

        package init(_ text: String, detail: String = "") {
            self.text = text
            self.detail = detail
        }
    }

    /// What only a look at the world can tell.
    package enum Live: Sendable, Equatable {
        case containers, images, versions, files
        /// The images of this machine and the containers: for words of `$ docker …`.
        case dockerNames
        /// What can be imported.
        case imports
    }

    /// The byte from which on the candidates replace what is there.
    package private(set) var start: Int
    package private(set) var candidates: [Candidate] = []
    package private(set) var live: [Live] = []
    /// What has been typed of it.
    package let prefix: String
    /// True where it is the text of a string.
    package let isText: Bool

    /// - Parameters:
    ///   - text: the input before the cursor.
    ///   - names: what is known at the prompt.
    package init(_ text: String, names: PromptNames) {
        let bytes = Array(text.utf8)
        let context = CursorContext(bytes)
        start = context.start
        prefix = String(decoding: bytes[min(context.start, bytes.count)...], as: UTF8.self)
        let read = Reader(bytes: bytes, names: names)
        isText = context.place.isText
        switch context.place {
        case .nothing: break
        case .name:
            if let call = context.call {
                add(read.labels(of: call))
                add(read.values(of: call))
                if !prefix.isEmpty || candidates.isEmpty { add(read.roots()) }
            } else {
                add(read.roots())
            }
        case .member(let base): add(read.members(of: base))
        case .string:
            guard let call = context.call else { break }
            let (literals, live) = read.texts(for: call)
            add(literals)
            self.live = live
        case .importPath: live = [.imports]
        case .key(let base): add(read.keys(of: base))
        case .command(let words, _): live = read.live(inCommand: words)
        }
    }

    private mutating func add(_ found: [Candidate]) {
        // `__sorted` and its like are what other builtins are made of.
        for candidate in found
        where candidate.text.hasPrefix(prefix) && !candidate.text.hasPrefix("__") && !candidates.contains(candidate) {
            candidates.append(candidate)
        }
    }
}

/// Looks things up for one completion or hint.
struct Reader {
    let bytes: [UInt8]
    let names: PromptNames
    private var catalog: Catalog { names.catalog }

    func text(_ range: SourceRange) -> String { String(decoding: bytes[range.start..<range.end], as: UTF8.self) }

    private static let statements = [
        "assert", "defer", "else", "fail", "false", "fn", "for", "if", "import", "let", "match", "not", "null",
        "parallel",
        "recipe", "retry", "return", "step", "timeout", "transaction", "true", "try", "var", "while",
    ]

    // MARK: Names

    func roots() -> [Completion.Candidate] {
        let own = names.all.map { Completion.Candidate($0.name, detail: $0.description) }
        let hidden = Set(own.map(\.text))
        let builtin = catalog.rootNames.filter { !hidden.contains($0) }.sorted().map { name in
            Completion.Candidate(name, detail: catalog.function(name)?.signature.description ?? "")
        }
        return own + builtin + Self.statements.map { Completion.Candidate($0) }
    }

    func members(of base: SourceRange) -> [Completion.Candidate] {
        let base = text(base)
        if let members = names.members(ofImport: base) {
            return members.map { Completion.Candidate($0.name, detail: $0.description) }
        }
        let isOwn = names.all.contains { $0.name == base.prefix { $0 != "." } }
        if !isOwn, catalog.isNamespace(base) {
            var parts: Set<String> = []
            for name in catalog.names(in: base) { parts.insert(String(name.prefix { $0 != "." })) }
            return parts.sorted().map {
                Completion.Candidate($0, detail: catalog.function("\(base).\($0)")?.signature.description ?? "")
            }
        }
        return members(of: names.type(of: base))
    }

    private func members(of type: CheckedType) -> [Completion.Candidate] {
        var found: [Completion.Candidate] = []
        if case .map(_, let shape?) = type {
            found = shape.entries.sorted { $0.key < $1.key }.filter { $0.key.isPlainName }
                .map { Completion.Candidate($0.key, detail: $0.value.description) }
        }
        for type in type.memberTypes {
            guard let members = catalog.members(of: type) else { continue }
            found += members.sorted { $0.key < $1.key }.map { name, builtin in
                Completion.Candidate(name, detail: builtin.signature.shortDescription)
            }
        }
        return found
    }

    /// The keys that a map is known to have, as they stand between quotes.
    func keys(of base: SourceRange) -> [Completion.Candidate] {
        guard case .map(_, let shape?) = names.type(of: text(base)) else { return [] }
        return shape.entries.sorted { $0.key < $1.key }.filter { entry in
            entry.key.unicodeScalars.allSatisfy { $0.value >= 0x20 && !"\"\\$".unicodeScalars.contains($0) }
        }.map { Completion.Candidate($0.key, detail: $0.value.description) }
    }

    // MARK: Commands

    /// What `docker` does with a container that is named first.
    private static let ofContainers: Set<String> = [
        "attach", "commit", "diff", "exec", "export", "kill", "logs", "pause", "port", "rename", "restart", "rm",
        "start",
        "stats", "stop", "top", "unpause", "update", "wait",
    ]

    /// - Parameter words: those before the cursor.
    func live(inCommand words: [String]) -> [Completion.Live] {
        guard words.first == "docker" else { return words.isEmpty ? [] : [.files] }
        let rest = (words.dropFirst().first == "container" ? words.dropFirst(2) : words.dropFirst())
            .filter { !$0.hasPrefix("-") }
        // Options may have values, so that one word more may stand before the container.
        if let first = rest.first, Self.ofContainers.contains(first), rest.count == 1 { return [.containers] }
        return [.dockerNames, .files]
    }

    // MARK: Calls

    /// Something whose parameters are known.
    struct Callable {
        struct Parameter {
            let name: String
            let type: ValueType
            let isRequired: Bool
        }
        let name: String
        let parameters: [Parameter]
        let isVariadic: Bool
        let result: String
    }

    func callable(_ call: CursorContext.CallUnderWay) -> Callable? {
        let written = text(call.callee)
        let path = written.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if let function = names.function(path) {
            return Callable(
                name: written,
                parameters: zip(function.parameters, function.shape.parameters).map {
                    Callable.Parameter(name: $0.name, type: $0.type.valueType, isRequired: $1.isRequired)
                }, isVariadic: false, result: function.result == .any ? "" : function.result.description)
        }
        if let builtin = catalog.function(written), !names.all.contains(where: { $0.name == path[0] }) {
            return Callable(builtin.signature, as: written)
        }
        guard let dot = written.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let base = String(written[..<dot]).trimmingMark
        let method = String(written[written.index(after: dot)...])
        for type in names.type(of: base).memberTypes {
            if let builtin = catalog.member(method, of: type) { return Callable(builtin.signature, as: method) }
        }
        return nil
    }

    /// The names of arguments that can still be given.
    func labels(of call: CursorContext.CallUnderWay) -> [Completion.Candidate] {
        guard call.isAtStart, let callable = callable(call) else { return [] }
        return callable.parameters.enumerated().filter { position, parameter in
            !call.labels.contains(parameter.name) && position >= call.argument - call.labels.count
        }.map { Completion.Candidate("\($1.name): ", detail: $1.type.description) }
    }

    func parameter(of call: CursorContext.CallUnderWay) -> Callable.Parameter? {
        guard let callable = callable(call) else { return nil }
        if let label = call.label { return callable.parameters.first { $0.name == label } }
        return callable.parameters.indices.contains(call.argument) ? callable.parameters[call.argument] : nil
    }

    /// What an argument can be, in the words of a program: the members of a union of texts, quoted.
    func values(of call: CursorContext.CallUnderWay) -> [Completion.Candidate] {
        guard let parameter = parameter(of: call) else { return [] }
        return parameter.type.literals.map { Completion.Candidate("\"\($0)\"") }
            + (parameter.type == .bool ? ["true", "false"].map { Completion.Candidate($0) } : [])
    }

    /// What can stand in a text that is an argument.
    func texts(for call: CursorContext.CallUnderWay) -> ([Completion.Candidate], [Completion.Live]) {
        let parameter = parameter(of: call)
        let literals = parameter?.type.literals.map { Completion.Candidate($0) } ?? []
        let name = parameter?.name ?? ""
        var live: [Completion.Live] = []
        if name == "container" { live.append(.containers) }
        if parameter?.type.mentions(.image) == true || text(call.callee) == "Image" { live.append(.images) }
        if parameter?.type.mentions(.version) == true || text(call.callee) == "Version" { live.append(.versions) }
        if parameter?.type.mentions(.path) == true || name == "path" || name == "file" { live.append(.files) }
        if parameter?.type.mentions(.registry) == true { live.append(.images) }
        return (literals, live)
    }
}

extension CursorContext.Place {
    /// True between quotes, which then have to be closed.
    fileprivate var isText: Bool {
        switch self {
        case .string, .importPath, .key: true
        case .command(_, let isQuoted): isQuoted
        case .name, .member, .nothing: false
        }
    }
}

extension Reader.Callable {
    fileprivate init(_ signature: Signature, as name: String) {
        self.init(
            name: name,
            parameters: signature.parameters.map {
                Parameter(name: $0.name, type: $0.type, isRequired: $0.isRequired)
            }, isVariadic: signature.isVariadic,
            result: signature.result == .null || signature.result == .any ? "" : signature.result.description)
    }
}

extension CheckedType {
    /// Where members of it may be declared. Whatever it may be is offered: a person chooses.
    fileprivate var memberTypes: [String] {
        if case .union(let members, _) = self {
            var names: [String] = []
            for member in members where !member.isNull {
                if let name = member.typeName, !names.contains(name) { names.append(name) }
            }
            return names
        }
        return typeName.map { [$0] } ?? []
    }
}

extension ValueType {
    /// The texts among its members.
    fileprivate var literals: [String] {
        switch self {
        case .literal(let text): [text]
        case .union(let members): members.flatMap(\.literals)
        case .list(let element): element.literals
        default: []
        }
    }

    fileprivate func mentions(_ type: ValueType) -> Bool {
        switch self {
        case type: true
        case .list(let element), .map(let element): element.mentions(type)
        case .union(let members): members.contains { $0.mentions(type) }
        default: false
        }
    }
}

extension Signature {
    /// Without the type it belongs to: `trim() -> Str`.
    fileprivate var shortDescription: String {
        let full = description
        guard form != .function, form != .constant, let dot = full.firstIndex(of: ".") else { return full }
        let rest = String(full[full.index(after: dot)...])
        return form == .property ? "\(rest): \(result.description)" : rest
    }
}

extension String {
    fileprivate var isPlainName: Bool {
        guard let first = utf8.first, first.isNameStart else { return false }
        return utf8.allSatisfy(\.isNamePart) && Token.Kind.keywords[self] == nil
    }

    /// `a?.b` has its mark at the end of the base.
    fileprivate var trimmingMark: String { hasSuffix("?") ? String(dropLast()) : self }
}
