import Lang

/// What is known of a value when nothing is run.
indirect enum Estimate {
    /// The value itself; never a list or a map, which may hold what is open.
    case exact(Value)
    case list([Estimate])
    case map(OrderedMap<Estimate>)
    case function(Closure)
    case builtin(Builtin)
    /// Known at run time; a text or an image may be known in part.
    case open(Open)

    /// A value of which at most a part of its text is known.
    struct Open {
        enum Piece: Hashable {
            case text(String)
            /// The expression that would give it.
            case open(String)
        }
        var pieces: [Piece]
        var type = ValueType.any
        /// What it is where it is not null; at most one.
        var unlessNull: [Estimate] = []

        /// The expression it stands for, where that is all there is to say.
        var name: String? {
            if pieces.count == 1, case .open(let name) = pieces[0] { name } else { nil }
        }
    }

    /// A function of the program, with the values it captured.
    struct Closure {
        /// Told apart from others made at the same place.
        let id: Int
        let name: String
        let parameters: [Parameter]
        let body: Block
        let range: SourceRange
        /// Nil for functions and recipes of a file, which see what the file declares.
        let captures: Bindings?
        let module: Int
        let file: SourceFile
        let shape: CallShape
        /// True for a builtin that is written in the language: its names and conditions are not the program's.
        var isScript = false

        struct Parameter {
            let name: String
            let defaultValue: Expression?
            /// The module whose names the default is written with.
            let module: Int
        }
    }

    static var null: Estimate { .exact(.null) }

    static func open(_ name: String, type: ValueType = .any) -> Estimate {
        .open(Open(pieces: [.open(name)], type: type))
    }

    init(_ value: Value) {
        if let items = value.asList {
            self = .list(items.map(Estimate.init))
        } else if let entries = value.asMap {
            self = .map(OrderedMap(entries.map { ($0, Estimate($1)) }))
        } else if let builtin = (value.object as? BuiltinObject)?.builtin {
            self = .builtin(builtin)
        } else {
            self = .exact(value)
        }
    }

    /// The value, where all of it is known.
    var value: Value? {
        switch self {
        case .exact(let value): return value
        case .list(let items):
            let values = items.compactMap(\.value)
            return values.count == items.count ? .list(values) : nil
        case .map(let entries):
            var values = OrderedMap<Value>()
            for (key, entry) in entries {
                guard let value = entry.value else { return nil }
                values[key] = value
            }
            return .map(values)
        case .builtin(let builtin): return .object(BuiltinObject(builtin))
        case .function, .open: return nil
        }
    }

    var bool: Bool? { if case .exact(.bool(let bool)) = self { bool } else { nil } }

    var typeName: String? {
        switch self {
        case .exact(let value): value.typeName
        case .list: "List"
        case .map: "Map"
        case .function, .builtin: "Fn"
        case .open(let open): open.type == .image ? "Image" : nil
        }
    }

    // MARK: - Showing

    /// As a person reads it; what is open stands as `{expression}`.
    var text: String { pieces.map(\.text).joined() }

    /// The pieces of it as text.
    var pieces: [Open.Piece] {
        switch self {
        case .exact(let value): [.text(value.display)]
        case .open(let open): open.pieces
        case .list(let items): [.text("[")] + Self.joined(items.map(\.pieces), by: ", ") + [.text("]")]
        case .map(let entries):
            [.text("{")] + Self.joined(entries.map { [.text("\($0): ")] + $1.pieces }, by: ", ") + [.text("}")]
        case .function(let closure): [.text(closure.name == "fn" ? "fn" : "fn \(closure.name)")]
        case .builtin(let builtin): [.text("fn \(builtin.name)")]
        }
    }

    static func joined(_ parts: [[Open.Piece]], by separator: String) -> [Open.Piece] {
        var result: [Open.Piece] = []
        for (position, part) in parts.enumerated() {
            if position > 0 { result.append(.text(separator)) }
            result += part
        }
        return result
    }

    /// As words of a command that a person could type.
    var words: String {
        switch self {
        case .exact(let value): shellQuoted(value.display)
        case .list(let items): items.map(\.words).joined(separator: " ")
        default: text
        }
    }

    // MARK: - Two at once

    /// True where both are surely one value.
    func isSame(as other: Estimate) -> Bool {
        switch (self, other) {
        case (.exact(let left), .exact(let right)):
            guard left.typeName == right.typeName else { return false }
            if case .bool(true)? = try? binary(.equal, left, right) { return true }
            return false
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.map(let left), .map(let right)):
            return left.keys == right.keys && zip(left.values, right.values).allSatisfy { $0.isSame(as: $1) }
        case (.function(let left), .function(let right)): return left.id == right.id
        case (.builtin(let left), .builtin(let right)): return left.name == right.name
        case (.open(let left), .open(let right)): return left.pieces == right.pieces && left.type == right.type
        default: return false
        }
    }

    /// What is known of a value that is one of the two.
    func joined(with other: Estimate) -> Estimate {
        if isSame(as: other) { return self }
        if case .list(let left) = self, case .list(let right) = other, left.count == right.count {
            return .list(zip(left, right).map { $0.joined(with: $1) })
        }
        let texts = [self, other].flatMap(\.alternatives)
        var unique: [String] = []
        for text in texts where !unique.contains(text) { unique.append(text) }
        let shown = unique.prefix(3).joined(separator: " or ") + (unique.count > 3 ? " or …" : "")
        let type = typeName == other.typeName && typeName == "Image" ? ValueType.image : .any
        return .open(
            Open(pieces: [.open(cut(shown, to: 120))], type: type, unlessNull: unlessNull(joinedWith: other)))
    }

    private func unlessNull(joinedWith other: Estimate) -> [Estimate] {
        if value?.isNull == true { return other.withoutNull.map { [$0] } ?? [] }
        if other.value?.isNull == true { return withoutNull.map { [$0] } ?? [] }
        return []
    }

    /// What it is, given that it is not null; nil where that says no more.
    var withoutNull: Estimate? {
        if case .open(let open) = self, let other = open.unlessNull.first { return other }
        return value?.isNull == true ? nil : self
    }

    private var alternatives: [String] {
        if case .open(let open) = self, let name = open.name { return name.components(by: " or ") }
        if case .exact(let value) = self { return [value.isNull ? "null" : value.display] }
        return [text]
    }
}

extension Estimate.Open.Piece {
    var text: String {
        switch self {
        case .text(let text): text
        case .open(let name): "{\(name)}"
        }
    }
}

/// The beginning of a text that is too long to show.
func cut(_ text: String, to length: Int) -> String {
    text.count <= length ? text : String(text.prefix(length - 1)) + "…"
}

extension String {
    /// The parts between separators.
    func components(by separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        // Outside a run nothing is limited, so that it does not throw.
        while let offset = try? findBytes(of: separator, in: String(rest)) {
            let end = rest.utf8.index(rest.startIndex, offsetBy: offset)
            parts.append(String(rest[..<end]))
            rest = rest[rest.utf8.index(end, offsetBy: separator.utf8.count)...]
        }
        return parts + [String(rest)]
    }
}
