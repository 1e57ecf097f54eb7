/// What the parser can say of statements and declarations.
extension Message {
    // MARK: Statements

    static func missingValue(_ name: String) -> Message {
        Message("`\(name)` must be given a value", help: "write `\(name) = …`; a value that is not known yet is `null`")
    }

    static func declarationPattern(_ found: String) -> Message {
        Message(
            "expected a name or `[a, b]`, but found \(found)", help: "to take a list apart write `let [a, b] = pair`")
    }

    static func invalidAssignment() -> Message {
        Message("only a name, a member or an element can be assigned to", help: "to compare, write `==`")
    }

    static func assignmentInCondition() -> Message {
        Message("`=` does not stand in an expression", help: "to compare, write `==`")
    }

    static func namedArgumentSign(_ name: String) -> Message {
        Message("a named argument is written with `:`", help: "write `\(name): …`")
    }

    static func missingIn(_ found: String) -> Message {
        Message("expected `in` after the names of `for`, but found \(found)", help: "write `for x in list { … }`")
    }

    static func loopNeedsBrackets() -> Message {
        Message("the names of `for` stand without brackets", help: "write `for key, value in map { … }`")
    }

    static func elseOnNewLine(_ word: String) -> Message {
        Message("`\(word)` must stand on the line of the `}` before it", help: "write `} \(word) …`")
    }

    static func strayWord(_ word: String, _ opener: String) -> Message {
        Message("`\(word)` must follow the block of \(opener)")
    }

    static func elseIfSpelling(_ word: String) -> Message {
        Message("`\(word)` is not a word of the language", help: "write `else if`")
    }

    static func foreignFunction(_ word: String) -> Message {
        Message("a function is declared with `fn`, not `\(word)`", help: "write `fn name(…) { … }`")
    }

    static func foreignDeclaration(_ word: String) -> Message {
        Message("a fixed value is declared with `let`, not `\(word)`", help: "write `let name = …`")
    }

    static func misplacedDeclaration(_ what: String) -> Message {
        Message("`\(what)` must stand at the top level of a file, but stands in a block")
    }

    static func missingCatch() -> Message {
        Message("`try { … }` must be followed by `catch`", help: "write `try { … } catch err { … }`")
    }

    static func tryWithoutBlock() -> Message {
        Message(
            "`try` must be followed by `{`",
            help: "an error goes up by itself; to handle it write `try { … } catch err { … }`")
    }

    static func misplacedStatement(_ word: String) -> Message {
        Message("`\(word)` is a statement and has no value", help: "give it a line of its own, or a block")
    }

    static func namedFunctionAsValue(_ name: String) -> Message {
        Message(
            "a function in an expression has no name",
            help: "write `fn(…) => …`, or declare `fn \(name)(…)` on a line of its own")
    }

    // MARK: Imports, recipes, functions

    static func importPath(_ found: String) -> Message {
        Message(
            "expected a path in quotes after `import`, but found \(found)", help: "write `import \"lib/images.rel\"`")
    }

    static func importName(_ path: String, _ suggestion: String) -> Message {
        Message(
            "no name can be made of `\(shortened(path))`",
            help: "give it one: `import \"\(shortened(path))\" as \(suggestion)`")
    }

    static func missingParameters(_ what: String, _ name: String) -> Message {
        Message("\(what) must have parentheses after its name", help: "write `\(name)() { … }`")
    }

    static func spreadInFunction() -> Message {
        Message(
            "`...` takes over parameters in a recipe, not in a function",
            help: "a parameter for many values is a list: `values: [Str]`")
    }

    static func defaultWithoutRecipe(_ found: String) -> Message {
        Message("expected `recipe` after `default`, but found \(found)", help: "write `default recipe name() { … }`")
    }

    static func missingStepTitle(_ word: String) -> Message {
        Message("`\(word)` must have a title", help: "write `\(word) \"Build the image\" { … }`")
    }

    static func missingArguments(_ word: String, _ example: String) -> Message {
        Message("`\(word)` must be followed by `(`", help: "write `\(example)`")
    }

    static func unknownLabel(_ name: String, _ word: String, _ example: String) -> Message {
        Message("`\(word)` has no argument `\(name)`", help: "write `\(example)`")
    }

    static func genericType(_ name: String) -> Message {
        let isMap = ["map", "dict", "dictionary", "hashmap"].contains(name.lowercased())
        return Message("a type has no arguments", help: isMap ? "write `{Str: Int}`" : "write `[Str]`, `{Str: Int}`")
    }
}
