/// The tree that the parser makes: what was written, with ranges, and nothing decided yet.
/// Nodes are values; depth is bounded by the parser (`Parser.maximumDepth`), so that walking it by recursion is safe.

/// A name as it stands in the text.
package struct Name: Sendable, Hashable {
    package let text: String
    package let range: SourceRange

    package init(_ text: String, _ range: SourceRange) {
        self.text = text
        self.range = range
    }
}

/// A whole file: its statements and declarations in order.
package struct FileTree: Sendable {
    package let file: SourceFile
    /// The `##` lines at the top that belong to no declaration.
    package let documentation: String?
    package let body: Block
}

/// Statements between braces (or a whole file). Its value is that of its last statement if that is an expression.
package struct Block: Sendable {
    package let range: SourceRange
    package let statements: [Statement]
}

package struct Statement: Sendable {
    package let range: SourceRange
    package let kind: Kind

    package indirect enum Kind: Sendable {
        case expression(Expression)
        /// `let x = …`, `var x: Int = …`, `let [a, b] = pair`
        case declaration(Declaration)
        case function(FunctionDeclaration)
        case recipe(RecipeDeclaration)
        case `import`(ImportDeclaration)
        /// `place = value`, `place += value`
        case assignment(place: Expression, operation: BinaryOperator?, value: Expression)
        case `for`(ForLoop)
        case `while`(condition: Expression, body: Block)
        case `return`(Expression?)
        case `break`
        case `continue`
        case fail(Expression)
        case assert(condition: Expression, message: Expression?)
        case `defer`(Block)
        /// `$ git push …`: output shown live.
        case command(Pipeline)
        /// Stands where the parser recovered from an error.
        case invalid
    }
}

package struct Declaration: Sendable {
    package enum Pattern: Sendable {
        case name(Name)
        /// `[a, b]`; `_` skips an element.
        case list([Name], SourceRange)
    }
    package let isVariable: Bool
    package let pattern: Pattern
    package let type: TypeExpression?
    package let value: Expression
}

package struct Parameter: Sendable {
    package let name: Name
    package let type: TypeExpression?
    package let defaultValue: Expression?
    /// The `##` lines above it.
    package let documentation: String?
    package let range: SourceRange
}

package struct FunctionDeclaration: Sendable {
    package let name: Name
    package let function: Function
    package let documentation: String?
}

/// Parameters and body, shared by `fn name(…) { … }`, `fn(x) => …` and recipes.
package struct Function: Sendable {
    package let parameters: [Parameter]
    package let result: TypeExpression?
    package let body: Block
    package let range: SourceRange
}

package struct RecipeDeclaration: Sendable {
    package let name: Name
    package let isDefault: Bool
    package let documentation: String?
    /// Parameters and `...other.recipe` in the order written.
    package let items: [Item]
    package let result: TypeExpression?
    package let body: Block
    package let range: SourceRange

    package enum Item: Sendable {
        case parameter(Parameter)
        /// `...dev.release`: the parts of the dotted name.
        case spread([Name], SourceRange)
    }
}

package struct ImportDeclaration: Sendable {
    /// The text between the quotes.
    package let path: String
    package let pathRange: SourceRange
    /// The name it is reached by: that after `as`, or the file's name without `.rel`.
    package let name: Name
}

package struct ForLoop: Sendable {
    /// One name, or two (`key, value` of a map; `index, item` of a list).
    package let names: [Name]
    package let sequence: Expression
    package let body: Block
}

package struct Expression: Sendable {
    package let range: SourceRange
    package let kind: Kind

    package indirect enum Kind: Sendable {
        case null
        case bool(Bool)
        case int(Int)
        case float(Double)
        /// A string without interpolation, escapes already resolved.
        case string(String)
        case version(Version)
        case duration(Duration)
        case size(Size)
        /// `"a ${b} c"`
        case interpolation([Segment])
        case name(String)
        case list([Expression])
        case map([MapEntry])
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// `base.name`, `base?.name`
        case member(Expression, Name, optional: Bool)
        /// `base[index]`
        case index(Expression, Expression)
        case call(Call)
        /// `fn(x) => …`, `fn(x) { … }`
        case closure(Function)
        /// `if a { … } else if b { … } else { … }`
        case conditional([ConditionalArm], otherwise: Block?)
        case match(Expression, [MatchArm])
        case tryCatch(Block, name: Name?, handler: Block)
        case step(Step)
        case transaction(title: Expression, body: Block)
        /// `parallel(limit: n) { step …; step … }`: each statement is a branch.
        case parallel(limit: Expression?, branches: [Statement])
        case parallelFor(limit: Expression?, names: [Name], sequence: Expression, body: Block)
        case retry(Retry)
        case timeout(Expression, Block)
        /// `$( … )`, the output as a `Str`.
        case capture(Pipeline)
        /// Stands where the parser recovered from an error.
        case invalid
    }
}

package enum Segment: Sendable {
    case text(String)
    case value(Expression)
}

package struct MapEntry: Sendable {
    package let key: String
    package let keyRange: SourceRange
    package let value: Expression
}

package struct ConditionalArm: Sendable {
    package let condition: Expression
    package let body: Block
}

package struct MatchArm: Sendable {
    /// Alternatives (`"dev" | "local"`); empty for `else`.
    package let patterns: [Pattern]
    package let body: Block
    package let range: SourceRange

    package struct Pattern: Sendable {
        package let range: SourceRange
        package let kind: Kind

        package indirect enum Kind: Sendable {
            /// A literal: null, Bool, number, string, version, duration or size.
            case literal(Expression)
            /// `1..5`, `1..<5`
            case range(Expression, Expression, inclusive: Bool)
            /// `Version`, `[Str]`
            case type(TypeExpression)
        }
    }
}

package struct Step: Sendable {
    package let title: Expression
    package let body: Block
    package let undo: Undo?

    package struct Undo: Sendable {
        /// `undo result { … }`: the name the step's value has in the block.
        package let name: Name?
        package let body: Block
    }
}

package struct Retry: Sendable {
    /// `retry(3, every: 2s)`: at most this many attempts in all.
    package let attempts: Expression
    package let every: Expression?
    package let body: Block
}

package struct Call: Sendable {
    package let callee: Expression
    package let arguments: [Argument]
    /// `f(...)` inside a recipe: same-named parameters are passed on.
    package let passesOn: SourceRange?
}

package struct Argument: Sendable {
    package let label: Name?
    package let value: Expression
}

package enum UnaryOperator: String, Sendable {
    case negate = "-"
    case not
}

package enum BinaryOperator: String, Sendable {
    case coalesce = "??"
    case or
    case and
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case `in`
    case notIn = "not in"
    case closedRange = ".."
    case halfOpenRange = "..<"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
}

/// A type as written.
package struct TypeExpression: Sendable {
    package let range: SourceRange
    package let kind: Kind

    package indirect enum Kind: Sendable {
        case name(String)
        case optional(TypeExpression)
        case list(TypeExpression)
        /// `{Str: Int}`
        case map(TypeExpression, TypeExpression)
        case union([TypeExpression])
        /// `"dev"`: the one string.
        case literal(String)
    }
}

/// `A=1 prog arg | prog2`, split into words when parsed.
package struct Pipeline: Sendable {
    package let stages: [Command]
    package let range: SourceRange
}

package struct Command: Sendable {
    package let environment: [Assignment]
    /// The program and its arguments.
    package let words: [Word]
    package let range: SourceRange

    package struct Assignment: Sendable {
        package let name: Name
        package let value: Word
    }

    package struct Word: Sendable {
        package let range: SourceRange
        /// Pieces that touch: `a"b"${c}`.
        package let pieces: [Segment]
        /// True where quotes are part of it, so that it is one argument whatever stands in them.
        package let isQuoted: Bool

        /// A value that is the whole word: a list is spliced.
        package var soleValue: Expression? {
            if pieces.count == 1, !isQuoted, case .value(let value) = pieces[0] { value } else { nil }
        }
    }
}
