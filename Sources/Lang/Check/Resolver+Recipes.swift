// Recipes take over parameters from others: `recipe all(...dev.release, ...prod.release)`.
//
// They are expanded in an order in which each comes after those it takes from, found by depth-first search with a stack
// of its own, so that a long chain of recipes is no danger. A spread that closes a circle is reported and gives nothing.

extension Resolver {
    mutating func expandRecipes() {
        var declarations: [String: RecipeDeclaration] = [:]
        var defaultName: Name?
        for statement in tree.body.statements {
            guard case .recipe(let declaration) = statement.kind else { continue }
            let name = declaration.name
            if declarations[name.text] == nil {
                declarations[name.text] = declaration
                recipeOrder.append(name.text)
            }
            guard declaration.isDefault else { continue }
            if let first = defaultName {
                let note = Diagnostic.Note("the first one is declared here", at: location(first.range))
                report(.secondDefaultRecipe(name.text, first: first.text), name.range, notes: [note])
            } else {
                defaultName = name
            }
        }
        var expansion = RecipeExpansion(declarations: declarations)
        for name in recipeOrder { expand(name, &expansion) }
    }

    /// Expands a recipe after those it takes parameters from.
    private mutating func expand(_ start: String, _ expansion: inout RecipeExpansion) {
        var path = [(name: start, waitingFor: expansion.spreads(of: start))]
        var names: Set = [start]
        while let (name, waiting) = path.last {
            guard recipes[name] == nil, let (next, range) = waiting.last else {
                path.removeLast()
                names.remove(name)
                if recipes[name] == nil { finish(name, expansion) }
                continue
            }
            path[path.count - 1].waitingFor.removeLast()
            if names.contains(next) {
                report(.spreadCycle(path.map(\.name).drop { $0 != next } + [next]), range)
                expansion.refused.insert(range)
            } else if recipes[next] == nil, expansion.declarations[next] != nil {
                path.append((next, expansion.spreads(of: next)))
                names.insert(next)
            }
        }
    }

    private mutating func finish(_ name: String, _ expansion: RecipeExpansion) {
        guard let declaration = expansion.declarations[name] else { return }
        var list = ParameterList(catalog: catalog)
        for item in declaration.items {
            switch item {
            case .parameter(let parameter):
                let type = parameter.type.map { resolve($0) } ?? .any
                let text = parameter.defaultValue.map { tree.file.text($0.range) }
                list.restate(
                    RecipeParameter(
                        name: parameter.name.text, type: type, documentation: parameter.documentation,
                        defaultValue: parameter.defaultValue, defaultText: text, module: module),
                    hasType: parameter.type != nil)
            case .spread(let parts, let range):
                takeOver(parts, range, &list, refused: expansion.refused)
            }
        }
        for conflict in list.conflicts where !list.isRestated(conflict.name) {
            report(
                .conflictingParameters(conflict.name, first: conflict.first, second: conflict.second), conflict.range)
        }
        checkOptionNames(of: list.parameters, declaration)
        let info = RecipeInfo(
            declaration: declaration, parameters: list.parameters, location: location(declaration.name.range))
        recipes[name] = info
        // A name declared twice belongs to the first of the two.
        if scopes[0].bindings[name]?.location.range == declaration.name.range {
            scopes[0].bindings[name]?.shape = CallShape(info, isOpen: list.isOpen)
        }
    }

    /// Parameters are options of the command line: `cache` is turned off by `--no-cache`.
    private mutating func checkOptionNames(of parameters: [RecipeParameter], _ declaration: RecipeDeclaration) {
        var own: [Name] = []
        for case .parameter(let parameter) in declaration.items { own.append(parameter.name) }
        for name in own where name.text.utf8.starts(with: "_".utf8) && name.text != "_" {
            report(.optionName(name.text), name.range)
        }
        for parameter in parameters where parameter.name.hasPrefix("no_") {
            let other = String(parameter.name.dropFirst(3))
            guard parameters.contains(where: { $0.name == other && $0.isSwitch }) else { continue }
            let place = own.first { $0.text == parameter.name } ?? own.first { $0.text == other }
            report(.ambiguousOption(parameter.name, beside: other), place?.range ?? spreadRange(declaration))
        }
    }

    private mutating func takeOver(
        _ parts: [Name], _ range: SourceRange, _ list: inout ParameterList, refused: Set<SourceRange>
    ) {
        guard !refused.contains(range), let (info, isOpen) = recipe(parts) else {
            list.isOpen = true
            return
        }
        if isOpen { list.isOpen = true }
        list.take(info.parameters, from: parts.map(\.text).joined(separator: "."), range)
    }

    /// What the file, or what it goes on with, declares under a name.
    private func fileBinding(_ name: String) -> Binding? { scopes[0].bindings[name] ?? continued?.names[name] }

    /// The recipe that a spread names.
    private mutating func recipe(_ parts: [Name]) -> (RecipeInfo, isOpen: Bool)? {
        guard let root = parts.first, let last = parts.last else { return nil }
        let range = root.range.union(last.range)
        let path = parts.map(\.text).joined(separator: ".")
        if parts.count == 1 {
            guard let info = recipes[root.text] ?? continued?.recipes[root.text] else {
                reportUnknown(path, range, exists: scopes[0].bindings[path] != nil, among: recipeOrder, isOpen: isOpen)
                return nil
            }
            return (info, fileBinding(root.text)?.shape?.isOpen ?? false)
        }
        guard let binding = fileBinding(root.text), case .import(let target) = binding.kind else {
            let imports = scopes[0].bindings.filter(\.value.isImport).keys
            reportUnknown(path, range, exists: false, among: imports.map { "\($0).\(last.text)" }, isOpen: isOpen)
            return nil
        }
        usedImports.insert(root.text)
        guard let target, interfaces.indices.contains(target) else { return nil }
        let interface = interfaces[target]
        guard parts.count == 2, let info = interface.recipes[last.text] else {
            reportUnknown(
                path, range, exists: parts.count == 2 && interface.names[last.text] != nil,
                among: interface.recipes.keys.map { "\(root.text).\($0)" }, isOpen: interface.isOpen)
            return nil
        }
        return (info, interface.names[last.text]?.shape?.isOpen ?? false)
    }

    private mutating func reportUnknown(
        _ path: String, _ range: SourceRange, exists: Bool, among candidates: [String], isOpen: Bool
    ) {
        if exists {
            report(.spreadOfNonRecipe(path), range)
        } else if !isOpen {
            report(.unknownRecipe(path, suggestion: nearest(path, among: candidates)), range)
        }
    }

    // MARK: Bodies

    /// Resolves a recipe's own defaults and its body, in which the parameters taken over are known as well.
    mutating func resolveBody(of declaration: RecipeDeclaration) {
        var own: [(Parameter, ValueType)] = []
        var names: [Name] = []
        let info = recipes[declaration.name.text].flatMap {
            $0.declaration.range == declaration.range ? $0 : nil
        }
        for case .parameter(let parameter) in declaration.items {
            let type = info?.parameters.first { $0.name == parameter.name.text }?.type
            own.append((parameter, type ?? .any))
            names.append(parameter.name)
        }
        let written = Set(names.map(\.text))
        for parameter in info?.parameters ?? [] where !written.contains(parameter.name) {
            names.append(Name(parameter.name, spreadRange(declaration)))
        }
        if let result = declaration.result { _ = resolve(result) }
        let isOpen = info.map { scopes[0].bindings[$0.name]?.shape?.isOpen ?? false } ?? true
        recipeParameters = Set(names.map(\.text))
        passesUnknown = isOpen
        resolveBody(declaration.body, parameters: own, names: names, barrier: .function, isOpen: isOpen)
        recipeParameters = nil
        passesUnknown = false
    }

    private func spreadRange(_ declaration: RecipeDeclaration) -> SourceRange {
        for case .spread(_, let range) in declaration.items { return range }
        return declaration.name.range
    }
}

extension RecipeParameter {
    /// True where its option has a `--no-` form.
    fileprivate var isSwitch: Bool {
        switch type {
        case .bool: true
        case .union(let members): members.contains(.bool)
        case .any: if case .bool? = defaultValue?.kind { true } else { false }
        default: false
        }
    }
}

/// The recipes of one file on their way to being expanded.
private struct RecipeExpansion {
    let declarations: [String: RecipeDeclaration]
    /// Spreads that close a circle.
    var refused: Set<SourceRange> = []

    /// The recipes of the same file that a recipe takes from, last first.
    func spreads(of name: String) -> [(String, SourceRange)] {
        var result: [(String, SourceRange)] = []
        for case .spread(let parts, let range) in declarations[name]?.items ?? [] where parts.count == 1 {
            result.append((parts[0].text, range))
        }
        return result.reversed()
    }
}
