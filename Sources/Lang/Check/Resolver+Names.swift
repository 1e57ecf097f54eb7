/// What looking up a name gives.
enum Finding {
    case found(Binding, barrier: Scope.Barrier?)
    /// A statement further down declares it.
    case later
    /// A `var` of the file, seen from a function.
    case fileVariable
    /// A parameter, seen from the default of another.
    case parameterToCome
    /// A mistake already reported.
    case silent
    case missing
}

/// What a dotted name means.
enum Reference {
    case builtin(Builtin)
    /// Something whose parameters are known.
    case callable(CallShape)
    /// A value, of which nothing is known.
    case value
    /// A mistake, reported here or before.
    case silent
}

extension Resolver {
    // MARK: Declaring

    /// Enters a name into the innermost scope.
    mutating func declare(_ name: Name, _ kind: Binding.Kind, shape: CallShape? = nil) {
        let text = name.text
        if text == "_" || text.isEmpty { return }
        let top = scopes.count - 1
        if catalog.protects(text) {
            let members = catalog.names(in: text).filter { !$0.contains(".") }
            report(.shadowsBuiltin(text, members: members.sorted()), name.range)
        } else if let previous = scopes[top].bindings[text] {
            report(
                .redeclaration(text), name.range,
                notes: [Diagnostic.Note("it is declared here", at: previous.location)])
            usedImports.insert(text)
            // What is said of the name further on may be about either.
            if previous.isImport { scopes[top].reported.insert(text) }
            return
        } else if top > 0, let file = scopes[0].bindings[text], file.isImport {
            report(
                .shadowsImport(text), name.range, notes: [Diagnostic.Note("it is imported here", at: file.location)])
            // What uses the name further on may have meant the import.
            usedImports.insert(text)
        }
        scopes[top].bindings[text] = Binding(kind: kind, location: location(name.range), shape: shape)
    }

    /// Marks a name of the file as declared, or declares it in a block.
    mutating func declareLocal(_ name: Name, _ kind: Binding.Kind, shape: CallShape? = nil) {
        if scopes.count > 1 {
            declare(name, kind, shape: shape)
        } else {
            scopes[0].bindings[name.text]?.isDeclared = true
        }
    }

    func closureShape(_ value: Expression, name: Name) -> CallShape? {
        guard case .closure(let function) = value.kind else { return nil }
        return CallShape(function, name: name.text, location: location(name.range))
    }

    // MARK: Looking up

    func find(_ name: String) -> Finding {
        var barrier: Scope.Barrier?
        var isInFunction = false
        var isReported = false
        var isIncomplete = isOpen
        for index in scopes.indices.reversed() {
            let scope = scopes[index]
            if scope.reported.contains(name) { isReported = true }
            if scope.parametersToCome.contains(name) { return isReported ? .silent : .parameterToCome }
            if let binding = scope.bindings[name] {
                if index == 0, isInFunction, binding.isVariable { return isReported ? .silent : .fileVariable }
                if index > 0 || isInFunction || binding.isDeclared { return .found(binding, barrier: barrier) }
                return isReported ? .silent : .later
            }
            if scope.isOpen { isIncomplete = true }
            if barrier == nil { barrier = scope.barrier }
            if scope.barrier == .function { isInFunction = true }
        }
        if isReported { return .silent }
        if let binding = continued?.names[name] {
            return isInFunction && binding.isVariable ? .fileVariable : .found(binding, barrier: barrier)
        }
        if scopes.contains(where: { $0.later.contains(name) }) { return .later }
        return isIncomplete && !catalog.reserves(name) ? .silent : .missing
    }

    /// Remembers that a name was reported, for the rest of the function or block it stands in.
    private mutating func silence(_ name: String) {
        let index = scopes.lastIndex { $0.barrier == .function } ?? scopes.count - 1
        scopes[index].reported.insert(name)
    }

    private var visibleNames: Set<String> {
        var names = Set(catalog.rootNames)
        for scope in scopes { names.formUnion(scope.bindings.keys) }
        if let continued { names.formUnion(continued.names.keys) }
        return names
    }

    // MARK: Dotted names

    /// Resolves `root.member.member`, and reports what is wrong with it.
    mutating func reference(_ dotted: DottedName) -> Reference {
        guard let root = dotted.parts.first else { return .silent }
        switch find(root.text) {
        case .found(let binding, _): return reference(dotted.parts, to: binding)
        case .silent: return .silent
        case .later:
            report(.usedBeforeDeclaration(root.text), root.range)
        case .fileVariable:
            report(.fileVariableInFunction(root.text), root.range)
        case .parameterToCome:
            report(.parameterInDefault(root.text), root.range)
        case .missing:
            if catalog.reserves(root.text) { return builtinReference(dotted) }
            if let (block, binding) = ended[root.text] {
                let note = Diagnostic.Note("it is declared here", at: binding.location)
                report(.unknownName(root.text, suggestion: nil, endedWith: block), root.range, notes: [note])
                break
            }
            let near = nearest(root.text, among: visibleNames)
            let owners = catalog.owners(ofMethod: root.text)
            report(.unknownName(root.text, suggestion: near, methodOf: near == nil ? owners : []), root.range)
        }
        silence(root.text)
        return .silent
    }

    private mutating func reference(_ parts: [Name], to binding: Binding) -> Reference {
        let name = parts[0].text
        switch binding.kind {
        case .import(let target): return importReference(parts, module: target)
        case .function, .recipe:
            if parts.count > 1 {
                report(.memberOfFunction(parts[1].text, of: name, isMethod: false), parts[1].range)
                return .silent
            }
        default: break
        }
        if scopes[0].bindings[name]?.location.range == binding.location.range {
            noteUse(of: name, in: module, at: parts[0].range)
        }
        guard let shape = binding.shape, parts.count == 1 else { return .value }
        return .callable(shape)
    }

    private mutating func importReference(_ parts: [Name], module target: Int?) -> Reference {
        let root = parts[0]
        usedImports.insert(root.text)
        guard let target, interfaces.indices.contains(target), !scopes[0].reported.contains(root.text) else {
            return .silent
        }
        let interface = interfaces[target]
        guard parts.count > 1 else {
            let example = interface.names.filter { !$0.value.isImport }.keys.min()
            report(.namespaceAsValue(root.text, example: example), root.range)
            return .silent
        }
        let member = parts[1]
        guard let binding = interface.names[member.text], !binding.isImport else {
            if !interface.isOpen {
                let names = interface.names.filter { !$0.value.isImport }.keys
                report(
                    .unknownMember(member.text, of: root.text, suggestion: nearest(member.text, among: names)),
                    member.range)
            }
            return .silent
        }
        noteUse(of: member.text, in: target, at: root.range.union(member.range))
        guard let shape = binding.shape else { return .value }
        if parts.count > 2 {
            report(.memberOfFunction(parts[2].text, of: "\(root.text).\(member.text)", isMethod: false), parts[2].range)
            return .silent
        }
        return .callable(shape)
    }

    private mutating func builtinReference(_ dotted: DottedName) -> Reference {
        let parts = dotted.parts
        let path = dotted.path
        let namespace = catalog.namespaceLength(ofPath: path)
        guard let (builtin, consumed) = catalog.builtin(forPath: path), consumed >= namespace || consumed == path.count
        else {
            reportNamespace(parts, length: namespace)
            return .silent
        }
        let range = parts[0].range.union(parts[consumed - 1].range)
        if builtin.signature.effect != .pure { noteEffect("`\(builtin.name)`", at: range) }
        if consumed == path.count { return .builtin(builtin) }
        if builtin.signature.form == .constant { return .value }
        let member = parts[consumed]
        if catalog.isNamespace(builtin.name) {
            reportNamespace(parts, length: consumed)
        } else {
            let isMethod = catalog.member(member.text, of: builtin.name) != nil
            report(.memberOfFunction(member.text, of: builtin.name, isMethod: isMethod), member.range)
        }
        return .silent
    }

    /// The path leads to a namespace and ends there, or goes on with something that is not in it.
    private mutating func reportNamespace(_ parts: [Name], length: Int) {
        guard length > 0 else {
            // A type without a constructor: `Bool`, `List`.
            report(.unknownName(parts[0].text, suggestion: nil), parts[0].range)
            return
        }
        let namespace = parts[..<length].map(\.text).joined(separator: ".")
        let names = catalog.names(in: namespace)
        if length == parts.count {
            report(.namespaceAsValue(namespace, example: names.min()), parts[0].range.union(parts[length - 1].range))
            return
        }
        let next = Set(names.map { String($0.prefix { $0 != "." }) })
        report(
            .unknownMember(parts[length].text, of: namespace, suggestion: nearest(parts[length].text, among: next)),
            parts[length].range)
    }
}
