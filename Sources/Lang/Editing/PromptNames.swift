/// What has been typed at a prompt so far, as far as the next input has to know it: names, their types, imported files.
///
/// Each input is a file of its own that goes on with the names of those before; declaring one again hides the earlier. A value:
/// an input with mistakes is forgotten by keeping the old one.
package struct PromptNames: Sendable {
    private var modules: [ResolvedModule] = []
    private var interfaces: [ModuleInterface] = []
    private var types: [ModuleTypes] = []
    /// The modules that are inputs, in order.
    private var inputs: [Int] = [0]
    /// The names that inputs declare and never gave a value, by the input's module.
    private var lost: [Int: [String]] = [:]
    let catalog: Catalog

    /// Nothing has been typed yet.
    package init(catalog: Catalog) {
        self.catalog = catalog
        let loader = ModuleLoader(catalog: catalog) { path throws(ImportFailure) in throw ImportFailure(path) }
        var loading = loader.begin()
        _ = loading.load(SourceFile(name: "", text: ""), path: "")
        (modules, interfaces, types) = (loading.modules, loading.interfaces, loading.types)
    }

    /// What a program is made of before anything is typed: `Compiler` compiles this one first.
    package var program: ResolvedProgram { ResolvedProgram(modules: modules) }

    /// Reads one more input.
    /// - Returns: what is known after it, and what is wrong with it; with mistakes that is not to be kept.
    package func adding(_ input: SourceFile, _ loader: ModuleLoader) -> (names: PromptNames, diagnostics: [Diagnostic])
    {
        var loading = loader.begin()
        (loading.modules, loading.interfaces, loading.types) = (modules, interfaces, types)
        loading.continue(after: modules.count - 1)
        _ = loading.load(input, path: Path.normalised(input.path))
        var names = self
        (names.modules, names.interfaces, names.types) = (loading.modules, loading.interfaces, loading.types)
        // All names are in the newest; those of the one before come back where the newest fails.
        if let last = names.inputs.last, names.inputs.count > 1 {
            let before = names.inputs[names.inputs.count - 2]
            if before != last {
                names.interfaces[before] = ModuleInterface(names: [:], recipes: [:], facts: [:], isOpen: false)
                names.types[before] = ModuleTypes()
            }
        }
        names.inputs.append(names.modules.count - 1)
        return (names, loading.sortedDiagnostics)
    }

    /// After the last input has run: names that were not reached are forgotten, and what is in the others is known now.
    /// - Parameter value: what a name has; nil where it has none.
    /// - Returns: the names that mean again what they meant before the input.
    package mutating func settle(_ value: (String) -> Value?) -> [String] {
        settleTypes { name, type in value(name).map { type.settled($0) } }
    }

    /// As above, in a program whose inputs are not run: nothing is known of what names have.
    package mutating func settle(without lost: Set<String>) -> [String] {
        settleTypes { name, _ in lost.contains(name) ? nil : .any }
    }

    private mutating func settleTypes(_ type: (String, CheckedType) -> CheckedType?) -> [String] {
        guard var interface = interfaces.last, var known = types.last else { return [] }
        let before = inputs.count > 1 ? inputs[inputs.count - 2] : 0
        var restored: [String] = []
        var lost: [String] = []
        for (name, binding) in interface.names {
            switch binding.kind {
            case .constant, .variable: break
            default: continue
            }
            guard let type = type(name, known.variables[name]?.type ?? .any) else {
                lost.append(name)
                interface.names[name] = interfaces[before].names[name]
                known.variables[name] = types[before].variables[name]
                known.values[name] = types[before].values[name]
                if interface.names[name] != nil { restored.append(name) }
                continue
            }
            guard var variable = known.variables[name] else { continue }
            if variable.kind == .constant || !variable.isAnnotated { variable.type = type }
            known.variables[name] = variable
            known.values[name] = variable.type
        }
        interfaces[interfaces.count - 1] = interface
        types[types.count - 1] = known
        self.lost[modules.count - 1] = lost.isEmpty ? nil : lost.sorted()
        return restored
    }

    /// Makes a constant known that no input has declared: `_`, the last value.
    package mutating func declare(_ name: String, _ value: Value) {
        let last = types.count - 1
        let place = SourceLocation(file: modules[last].tree.file, range: SourceRange(0, 0))
        interfaces[last].names[name] = Binding(kind: .constant, location: place)
        let type = CheckedType.any.settled(value)
        types[last].variables[name] = Variable(name: Name(name, place.range), kind: .constant, type: type)
        types[last].values[name] = type
    }

    // MARK: To read it again

    /// An input, or a file that was imported.
    package struct Part: Sendable {
        package let file: SourceFile
        package let isInput: Bool
        /// The names that it declares and never gave a value.
        package let lost: [String]
    }

    /// All there was, in order; imported files before what imports them.
    package var parts: [Part] {
        modules.indices.dropFirst().map { index in
            Part(file: modules[index].tree.file, isInput: inputs.contains(index), lost: lost[index] ?? [])
        }
    }

    // MARK: For completion

    /// A name that an input can use.
    package struct Known: Sendable {
        package enum Kind: Sendable { case value, function, recipe, `import` }
        package let name: String
        package let kind: Kind
        /// Its type, or how it is called.
        package let description: String
    }

    /// What was declared at the prompt, sorted.
    package var all: [Known] {
        (interfaces.last?.names ?? [:]).map { name, binding in
            Known(name: name, kind: binding.knownKind, description: description(of: name))
        }.sorted { $0.name < $1.name }
    }

    /// True for a name that was declared at the prompt.
    package func knows(_ name: String) -> Bool { interfaces.last?.names[name] != nil }

    private func description(of name: String) -> String {
        if let function = types.last?.states[name]?.signature ?? types.last?.functions[name] {
            return function.description(as: name)
        }
        return types.last?.values[name]?.description ?? ""
    }

    /// What an import offers.
    func members(ofImport name: String) -> [Known]? {
        guard case .import(let module?)? = interfaces.last?.names[name]?.kind else { return nil }
        return interfaces[module].names.filter { !$0.value.isImport }.map { member, binding in
            let function = types[module].functions[member]
            return Known(
                name: member, kind: binding.knownKind,
                description: function?.description(as: member) ?? types[module].values[member]?.description ?? "")
        }.sorted { $0.name < $1.name }
    }

    /// A function or recipe of the prompt, or of a file imported there.
    func function(_ path: [String]) -> FunctionType? {
        if path.count == 1 { return types.last?.functions[path[0]] }
        guard path.count == 2, case .import(let module?)? = interfaces.last?.names[path[0]]?.kind else { return nil }
        return types[module].functions[path[1]]
    }

    /// The type of what is written, as far as that can be known without running it.
    func type(of expression: String) -> CheckedType {
        let loader = ModuleLoader(catalog: catalog) { path throws(ImportFailure) in throw ImportFailure(path) }
        let (names, diagnostics) = adding(SourceFile(name: "", text: expression), loader)
        if diagnostics.contains(where: { $0.severity == .error }) { return .any }
        return names.types.last?.result ?? .any
    }

    /// The type of what is written, as a program would state it.
    package func typeDescription(of expression: String) -> String { type(of: expression).description }
}

extension Binding {
    fileprivate var knownKind: PromptNames.Known.Kind {
        switch kind {
        case .function: .function
        case .recipe: .recipe
        case .import: .import
        default: .value
        }
    }
}

extension FunctionState {
    fileprivate var signature: FunctionType? { if case .done(let type) = progress { type } else { nil } }
}

extension FunctionType {
    /// `deploy(stage: Str, tag = …)`
    func description(as name: String) -> String {
        let list = zip(parameters, shape.parameters).map { parameter, shape in
            let type = parameter.type == .any ? "" : ": \(parameter.type.description)"
            return parameter.name + type + (shape.isRequired ? "" : " = …")
        }
        let arrow = result == .any || result.isNull ? "" : " -> \(result.description)"
        return "\(name)(\(list.joined(separator: ", ")))\(arrow)"
    }
}

extension CheckedType {
    /// Deeper than this, nobody completes anything; and a value can nest deeper than any recursion may go.
    private static let maximumDepth = 6

    /// What is known of a variable once its value is there.
    fileprivate func settled(_ value: Value, depth: Int = 0) -> CheckedType {
        if case .missing = value { return self }
        if depth > Self.maximumDepth { return .any }
        if let map = value.asMap {
            let item: CheckedType = if case .map(let item, _) = self { item } else { .any }
            if map.count > 1000 { return .map(item, nil) }
            var entries: [String: CheckedType] = [:]
            for (key, item) in map { entries[key] = CheckedType.any.settled(item, depth: depth + 1) }
            return .map(item, MapShape(entries))
        }
        if let list = value.asList {
            if case .list(let item) = self, item != .any, item != .never { return self }
            guard let first = list.first, list.count <= 1000 else { return .list(.any) }
            let item = CheckedType.any.settled(first, depth: depth + 1)
            return .list(
                list.dropFirst().reduce(item) {
                    $0.joined(CheckedType.any.settled($1, depth: depth + 1).withoutShape)
                })
        }
        guard let type = ValueType.named(value.typeName), type != .any else { return self }
        if case .function = self { return self }
        return CheckedType(type)
    }
}
