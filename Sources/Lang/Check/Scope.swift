/// What a name stands for.
struct Binding: Sendable {
    enum Kind: Sendable {
        case constant
        case variable
        case parameter
        case loop
        /// The error of a `catch`, the result of an `undo`.
        case handed
        case function
        case recipe
        /// The module it means; nil where it could not be read.
        case `import`(Int?)
    }

    let kind: Kind
    let location: SourceLocation
    /// Known for functions, recipes and `let f = fn…`.
    var shape: CallShape?
    /// False for a `let` or `var` of the file until the statement that declares it.
    var isDeclared = true

    var isVariable: Bool { if case .variable = kind { true } else { false } }
    var isImport: Bool { if case .import = kind { true } else { false } }

    /// As messages call it.
    var description: String {
        switch kind {
        case .constant: "declared with `let`"
        case .variable: "declared with `var`"
        case .parameter: "a parameter"
        case .loop: "the name of a loop"
        case .handed: "given by the block it belongs to"
        case .function: "a function"
        case .recipe: "a recipe"
        case .import: "an import"
        }
    }
}

/// The names of one pair of braces, and what stands between them and the names outside.
struct Scope {
    enum Barrier: Equatable {
        /// A function or recipe of the file: sees what the file declares once and for all.
        case function
        /// A closure or nested function: has the values that outer names had when it was made.
        case closure
        /// A body that may run apart from its surroundings: `step`, `undo`, `parallel`.
        case isolated(String)
    }

    static let branchOfParallel = "a branch of `parallel`"

    let barrier: Barrier?
    var bindings: [String: Binding] = [:]
    /// Names that statements further down declare.
    var later: Set<String> = []
    /// The parameters of the function whose defaults are being looked at.
    var parametersToCome: Set<String> = []
    /// Unknown names already reported.
    var reported: Set<String> = []
    /// True where names may be missing because of a mistake already reported.
    var isOpen = false

    init(_ barrier: Barrier? = nil) { self.barrier = barrier }
}

/// Where `return`, `break` and `continue` may lead.
struct Control {
    enum Exit: Equatable {
        case allowed
        /// There is nothing to leave.
        case outside
        /// It would leave this construct, which must be finished or fail.
        case barred(String)
    }

    var toCaller: Exit
    var toLoop: Exit

    static let file = Control(toCaller: .outside, toLoop: .outside)
    static let function = Control(toCaller: .allowed, toLoop: .outside)

    var insideLoop: Control { Control(toCaller: toCaller, toLoop: .allowed) }

    func inside(_ construct: String) -> Control {
        Control(
            toCaller: toCaller == .outside ? .outside : .barred(construct),
            toLoop: toLoop == .outside ? .outside : .barred(construct))
    }
}

extension Declaration.Pattern {
    /// The names it declares; `_` declares none.
    var declaredNames: [Name] {
        switch self {
        case .name(let name): name.text == "_" ? [] : [name]
        case .list(let names, _): names.filter { $0.text != "_" }
        }
    }
}
