/// What a call must look like: the parameters of a builtin, a function or a recipe, without their types.
package struct CallShape: Sendable {
    package enum Kind: Sendable { case builtin, function, recipe }

    package struct Parameter: Sendable {
        package let name: String
        package let isRequired: Bool
    }

    package let kind: Kind
    /// As the program writes it.
    package let name: String
    package let parameters: [Parameter]
    package let isVariadic: Bool
    /// Where it was declared; nil for builtins.
    package let location: SourceLocation?
    /// True where its parameters are not all known, because of a mistake already reported.
    package var isOpen = false

    package init(_ signature: Signature) {
        kind = .builtin
        name = signature.name
        parameters = signature.parameters.map { Parameter(name: $0.name, isRequired: $0.isRequired) }
        isVariadic = signature.isVariadic
        location = nil
    }

    package init(_ function: Function, name: String, location: SourceLocation) {
        kind = .function
        self.name = name
        parameters = function.parameters.map { Parameter(name: $0.name.text, isRequired: $0.defaultValue == nil) }
        isVariadic = false
        self.location = location
    }

    package init(_ recipe: RecipeInfo, isOpen: Bool = false) {
        kind = .recipe
        name = recipe.name
        parameters = recipe.parameters.map { Parameter(name: $0.name, isRequired: $0.defaultValue == nil) }
        isVariadic = false
        location = recipe.location
        self.isOpen = isOpen
    }
}

/// Which argument goes to which parameter. The resolver reports the problems; the compiler, which sees none, takes the
/// slots, so that both decide alike.
package struct ArgumentMatch: Sendable {
    package enum Slot: Sendable, Hashable {
        /// The argument at this position of the call.
        case argument(Int)
        /// `f(...)`: the caller's parameter of the same name.
        case passedOn
        /// Not given.
        case missing
    }

    package enum Problem: Sendable, Hashable {
        case positionalAfterNamed(argument: Int)
        /// A builtin's optional parameter, given by position.
        case optionalByPosition(argument: Int, parameter: Int)
        case tooMany(argument: Int)
        case unknownLabel(argument: Int)
        case duplicate(argument: Int, parameter: Int)
        case missing(parameters: [Int])
    }

    /// One for each parameter.
    package private(set) var slots: [Slot]
    /// The arguments of a variadic builtin that belong to no parameter, in order.
    package private(set) var rest: [Int] = []
    package private(set) var problems: [Problem] = []

    /// `passing` holds the names that `...` passes on; empty without it.
    package init(_ arguments: [Argument], to shape: CallShape, passing: Set<String> = []) {
        slots = Array(repeating: .missing, count: shape.parameters.count)
        // By position, a builtin takes its required arguments only; everything else takes all of them.
        let isPositional: (Int) -> Bool = { shape.kind != .builtin || shape.parameters[$0].isRequired }
        var positions = shape.parameters.indices.filter(isPositional)[...]
        var labels: Set<String> = []
        for (index, argument) in arguments.enumerated() {
            if let label = argument.label?.text {
                labels.insert(label)
                place(index, at: shape.parameters.firstIndex { $0.name == label })
            } else if !labels.isEmpty {
                problems.append(.positionalAfterNamed(argument: index))
            } else if let position = positions.popFirst() {
                slots[position] = .argument(index)
            } else if shape.isVariadic {
                rest.append(index)
            } else {
                refuse(index, shape: shape)
            }
        }
        finish(shape, passing: passing)
    }

    private mutating func place(_ argument: Int, at parameter: Int?) {
        guard let parameter else {
            problems.append(.unknownLabel(argument: argument))
            return
        }
        if slots[parameter] == .missing {
            slots[parameter] = .argument(argument)
        } else {
            problems.append(.duplicate(argument: argument, parameter: parameter))
        }
    }

    private mutating func refuse(_ argument: Int, shape: CallShape) {
        let optionals = shape.parameters.indices.filter { !shape.parameters[$0].isRequired }
        let surplus = argument - (shape.parameters.count - optionals.count)
        if shape.kind == .builtin, optionals.indices.contains(surplus) {
            problems.append(.optionalByPosition(argument: argument, parameter: optionals[surplus]))
        } else if !problems.contains(where: { if case .tooMany = $0 { true } else { false } }) {
            problems.append(.tooMany(argument: argument))
        }
    }

    /// What is still missing is passed on or reported; a label that fits nothing was probably meant for it.
    private mutating func finish(_ shape: CallShape, passing: Set<String>) {
        var absent: [Int] = []
        for (index, parameter) in shape.parameters.enumerated() where slots[index] == .missing {
            if passing.contains(parameter.name) {
                slots[index] = .passedOn
            } else if parameter.isRequired {
                absent.append(index)
            }
        }
        if !absent.isEmpty, problems.isEmpty { problems.append(.missing(parameters: absent)) }
    }
}
