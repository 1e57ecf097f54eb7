/// The parameters of a recipe as they are put together.
struct ParameterList {
    let catalog: Catalog
    private(set) var parameters: [RecipeParameter] = []
    private(set) var conflicts: [(name: String, first: String, second: String, range: SourceRange)] = []
    var isOpen = false
    private var positions: [String: Int] = [:]
    /// Where a parameter was taken from; nil for those the recipe states itself.
    private var origins: [String: String] = [:]
    private var restated: [String: Bool] = [:]

    init(catalog: Catalog) { self.catalog = catalog }

    func isRestated(_ name: String) -> Bool { restated[name] != nil }

    /// A parameter of the recipe itself wins over those taken over, and gets from them what it does not say.
    mutating func restate(_ parameter: RecipeParameter, hasType: Bool) {
        if isRestated(parameter.name) { return }
        restated[parameter.name] = hasType
        guard let position = positions[parameter.name] else {
            positions[parameter.name] = parameters.count
            parameters.append(parameter)
            return
        }
        parameters[position] = parameter.completed(from: parameters[position], keepingType: hasType)
    }

    /// True where both take the same arguments and have the same value without one. A default that uses names of its
    /// file is the same only in the same file.
    private func agree(_ first: RecipeParameter, _ second: RecipeParameter) -> Bool {
        guard first.type == second.type, first.defaultText == second.defaultText else { return false }
        return first.module == second.module || (first.defaultValue?.isSelfContained(catalog) ?? true)
    }

    mutating func take(_ others: [RecipeParameter], from origin: String, _ range: SourceRange) {
        for other in others {
            guard let position = positions[other.name] else {
                positions[other.name] = parameters.count
                origins[other.name] = origin
                parameters.append(other)
                continue
            }
            let present = parameters[position]
            if let hasType = restated[other.name] {
                parameters[position] = present.completed(from: other, keepingType: hasType)
            } else if !agree(present, other) {
                conflicts.append((other.name, origins[other.name] ?? "", origin, range))
            } else if present.documentation == nil {
                parameters[position] = present.completed(from: other, keepingType: true)
            }
        }
    }
}

extension RecipeParameter {
    fileprivate func completed(from other: RecipeParameter, keepingType: Bool) -> RecipeParameter {
        RecipeParameter(
            name: name, type: keepingType ? type : other.type, documentation: documentation ?? other.documentation,
            defaultValue: defaultValue, defaultText: defaultText, module: module)
    }
}

extension Expression {
    /// True where it can be seen to mean the same in every file.
    fileprivate func isSelfContained(_ catalog: Catalog) -> Bool {
        switch kind {
        case .null, .bool, .int, .float, .string, .version, .duration, .size: true
        case .name(let name): catalog.reserves(name)
        case .member(let base, _, _): base.isSelfContained(catalog)
        case .unary(_, let operand): operand.isSelfContained(catalog)
        case .list(let items): items.allSatisfy { $0.isSelfContained(catalog) }
        case .map(let entries): entries.allSatisfy { $0.value.isSelfContained(catalog) }
        case .call(let call):
            call.callee.isSelfContained(catalog) && call.arguments.allSatisfy { $0.value.isSelfContained(catalog) }
        default: false
        }
    }
}
