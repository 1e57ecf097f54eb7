// What the resolver can find, one declaration per mistake: "X must be Y, but is Z", and what to do.

// MARK: - Names

extension Message {
    /// `methodOf` holds the types that have a method of that name; `block` is one that has ended and declares it.
    static func unknownName(
        _ name: String, suggestion: String?, methodOf types: [String] = [], endedWith block: Scope.Barrier?? = nil
    ) -> Message {
        let method =
            types.isEmpty ? nil : "it is a method of \(types.joined(separator: ", ")): write `value.\(name)(…)`"
        if let block {
            let help =
                block == .isolated(Scope.branchOfParallel)
                ? "each branch of `parallel` has names of its own: take what they give, `let values = parallel …`"
                : "it is known in its block only: declare it before that, or take the value of the block with `let`"
            return Message("there is no `\(name)` here", help: help)
        }
        return Message(
            "there is no `\(name)` here", help: suggestion.map { "did you mean `\($0)`?" } ?? method,
            // A type is seldom what was meant by a name that looks like a variable.
            replacement: suggestion?.first?.isUppercase == name.first?.isUppercase ? suggestion : nil)
    }

    static func usedBeforeDeclaration(_ name: String) -> Message {
        Message(
            "`\(name)` is used before it is declared",
            help: "move its declaration up, or make it a function of the file with `fn`")
    }

    static func fileVariableInFunction(_ name: String) -> Message {
        Message(
            "functions and recipes cannot see `\(name)`, which is a `var` of the file",
            help: "declare it with `let`, or hand it over as an argument")
    }

    static func parameterInDefault(_ name: String) -> Message {
        Message(
            "a default value cannot use the parameter `\(name)`",
            help: "make null the default, and write `?? \(name)` in the body")
    }

    static func unknownMember(_ member: String, of namespace: String, suggestion: String?) -> Message {
        Message(
            "there is no `\(member)` in `\(namespace)`", help: suggestion.map { "did you mean `\(namespace).\($0)`?" },
            replacement: suggestion)
    }

    static func namespaceAsValue(_ name: String, example: String?) -> Message {
        Message(
            "`\(name)` is a namespace and not a value",
            help: example.map { "name something in it, such as `\(name).\($0)`" })
    }

    static func memberOfFunction(_ member: String, of function: String, isMethod: Bool) -> Message {
        Message(
            "`\(function)` is a function and has no member `\(member)`",
            help: isMethod ? "call it on a value: `fn(value) => value.\(member)(…)`" : nil)
    }
}

/// What may have been meant by a variable that has the name of a namespace.
private let otherNames: [String: String] = [
    "changelog": "changes", "docker": "engine", "env": "environment", "files": "file_list", "git": "repository",
    "json": "data", "paths": "path_list", "project": "this_project", "registry": "target", "tests": "test_list",
    "time": "started", "toml": "settings", "ui": "screen",
]

// MARK: - Declarations

extension Message {
    static func redeclaration(_ name: String) -> Message {
        Message("`\(name)` is declared twice", help: "give one of them another name")
    }

    /// `members` are those of the namespace; none for a type.
    static func shadowsBuiltin(_ name: String, members: [String]) -> Message {
        guard !members.isEmpty else {
            return Message("`\(name)` cannot be declared, because it is built in", help: "choose another name")
        }
        let examples = members.prefix(2).map { "`\(name).\($0)`" }.joined(separator: " and ")
        let other = otherNames[name] ?? "my_\(name)"
        return Message(
            "`\(name)` cannot be declared, because it is where \(examples) \(members.count == 1 ? "is" : "are") found",
            help: "choose another name, such as `\(other)`")
    }

    static func shadowsImport(_ name: String) -> Message {
        Message(
            "`\(name)` cannot be declared, because an import has that name",
            help: "choose another name, or another name for the import with `as`")
    }

    static func duplicateParameter(_ name: String) -> Message {
        Message("there are two parameters `\(name)`", help: "give one of them another name")
    }

    static func requiredAfterOptional(_ name: String, after optional: String) -> Message {
        Message(
            "the required parameter `\(name)` must stand before `\(optional)`, which has a default",
            help: "move it to the front, or give it a default as well")
    }

    static func defaultTypeMismatch(_ name: String, expected: ValueType, literal: String, got: String) -> Message {
        let text = String(literal.dropFirst().dropLast())
        let isReadable = got == "Str" && CheckedType(expected).canBeRead(from: text)
        let help: String? =
            switch expected {
            case .version where isReadable: "write a version without quotes: \(text)"
            case .int where isReadable, .float where isReadable, .duration where isReadable, .size where isReadable:
                "write it without quotes: `\(text)`"
            case _ where isReadable: "write `\(expected.description)(\(literal))`"
            default: nil
            }
        return Message(
            "the default of `\(name)` must be \(expected.description), but \(literal) is \(got)", help: help)
    }

    static func duplicateKey(_ key: String) -> Message {
        Message("the key \(quoted(key)) stands twice in this map", help: "remove one of them")
    }

    static func unreachableArm() -> Message {
        Message("this arm is never reached, because `else` stands before it", help: "move `else` to the end")
    }
}

// MARK: - Calls

extension Message {
    static func callOfConstant(_ name: String) -> Message {
        Message("`\(name)` is a value and not a function", help: "write `\(name)` without parentheses")
    }

    static func positionalAfterNamed() -> Message {
        Message(
            "an argument by position must not follow one by name", help: "move it to the front, or name it as well")
    }

    static func optionalByPosition(_ parameter: String, of function: String, value: String) -> Message {
        Message(
            "the optional argument `\(parameter)` of `\(function)` must be named",
            help: "write `\(parameter): \(value)`", replacement: "\(parameter): \(value)")
    }

    static func tooManyArguments(of function: String, maximum: Int, got: Int) -> Message {
        let most =
            switch maximum {
            case 0: "no arguments"
            case 1: "1 argument"
            default: "\(maximum) arguments"
            }
        return Message("`\(function)` takes \(most), but is given \(got)")
    }

    static func unknownParameter(
        _ name: String, of function: String, suggestion: String?, all: [String], isVariadic: Bool = false
    ) -> Message {
        let list = all.count > 12 ? "" : all.map { "`\($0)`" }.joined(separator: ", ")
        let none = isVariadic ? "it takes values only, without names" : "it takes no arguments"
        let known = all.isEmpty ? none : list.isEmpty ? nil : "it has \(list)"
        return Message(
            "`\(function)` has no parameter `\(name)`", help: suggestion.map { "did you mean `\($0)`?" } ?? known,
            replacement: suggestion)
    }

    static func duplicateArgument(_ name: String, of function: String) -> Message {
        Message("the argument `\(name)` of `\(function)` is given twice", help: "remove one of them")
    }

    static func argumentsLacking(_ names: [String], of function: String) -> Message {
        let list = names.map { "`\($0)`" }.joined(separator: ", ")
        let named = names.map { "\($0): …" }.joined(separator: ", ")
        let noun = names.count == 1 ? "the argument" : "the arguments"
        return Message("`\(function)` needs \(noun) \(list)", help: "add `\(named)` to the call")
    }

    static func passingOnOutsideRecipe() -> Message {
        Message(
            "`...` passes on the parameters of a recipe, but does not stand in one",
            help: "name the arguments one by one")
    }

    static func passingOnToFunction() -> Message {
        Message(
            "`...` passes parameters on to recipes only", help: "name the arguments one by one")
    }

    static func passingOnShadowed(_ name: String) -> Message {
        Message(
            "`...` would pass on the parameter `\(name)`, but another `\(name)` hides it here",
            help: "rename the inner one, or write `\(name): …` before the `...`")
    }
}

// MARK: - Changing things

extension Message {
    static func changeOfFixed(_ name: String, is kind: String, help: String) -> Message {
        Message("`\(name)` cannot be changed, because it is \(kind)", help: help)
    }

    static func changeOfCaptured(_ name: String) -> Message {
        Message(
            "a function cannot change `\(name)`, because it holds the value from when it was made",
            help: "return the new value, and give it to a `var` outside")
    }

    static func changeFromIsolated(_ name: String, construct: String) -> Message {
        let isBranch = construct == Scope.branchOfParallel
        let help =
            isBranch
            ? "let the branch give the new value, and take the list of them outside: `let values = parallel …`"
            : "make the new value the last expression inside, and give the result to a `var` outside"
        return Message("\(construct) cannot change `\(name)`, which is declared outside it", help: help)
    }

    static func changeThroughOptional(_ member: String) -> Message {
        Message("a change cannot go through `?.\(member)`", help: "look for null first, then write `.\(member)`")
    }

    static func changeOfTemporary() -> Message {
        Message(
            "what is changed must be a variable or a part of one, but is a value without a name",
            help: "give it a name with `var` first")
    }
}

// MARK: - Leaving

extension Message {
    static func returnOutsideFunction() -> Message {
        Message(
            "`return` must stand in a function or recipe", help: "use `if` and `else`, or `fail` to stop with an error")
    }

    static func loopExitOutsideLoop(_ word: String) -> Message {
        Message("`\(word)` must stand in a loop", help: "use `if` and `else` to skip what follows")
    }

    static func exitFromConstruct(_ word: String, construct: String) -> Message {
        Message(
            "`\(word)` cannot leave \(construct)",
            help: "let it end with a value and look at that after it, or stop with `fail`")
    }
}

// MARK: - Recipes

extension Message {
    static func secondDefaultRecipe(_ name: String, first: String) -> Message {
        Message(
            "a file has one default recipe, but `\(first)` and `\(name)` both are", help: "remove one `default`")
    }

    static func optionName(_ name: String) -> Message {
        let plain = String(name.drop { $0 == "_" })
        return Message(
            "a parameter of a recipe is an option of the command line, and its name cannot begin with `_`",
            help: plain.isEmpty ? "give it another name" : "name it `\(plain)`")
    }

    static func ambiguousOption(_ name: String, beside other: String) -> Message {
        let option = String(other.map { $0 == "_" ? "-" : $0 })
        return Message(
            "`\(name)` and `\(other)` cannot be options of one recipe, because `--no-\(option)` would stand for both",
            help: "give one of them another name")
    }

    static func unknownRecipe(_ name: String, suggestion: String?) -> Message {
        Message("there is no recipe `\(name)`", help: suggestion.map { "did you mean `\($0)`?" })
    }

    static func spreadOfNonRecipe(_ name: String) -> Message {
        Message(
            "only the parameters of a recipe can be taken over, but `\(name)` is none",
            help: "write its parameters out")
    }

    static func spreadCycle(_ chain: [String]) -> Message {
        Message(
            "recipes take over each other's parameters in a circle: \(chain.joined(separator: " → "))",
            help: "write out the parameters that they share in one of them")
    }

    static func conflictingParameters(_ name: String, first: String, second: String) -> Message {
        Message(
            "the parameter `\(name)` differs between `\(first)` and `\(second)` in type or default",
            help: "restate it here, with its type and default")
    }
}

// MARK: - Imports

extension Message {
    static func importFailed(_ path: String, tried: String, reason: String) -> Message {
        Message("cannot import \(quoted(path)): \(reason)", help: "looked for \(tried)")
    }

    static func importWithoutExtension(_ path: String) -> Message {
        Message(
            "an import must end in `.rel`, but is \(quoted(path))", help: "write \(quoted(path + ".rel"))")
    }

    static func absoluteImport(_ path: String) -> Message {
        Message("an import must be relative to its file, but is \(quoted(path))")
    }

    static func importOutsideProject(_ path: String, root: String) -> Message {
        Message("the import \(quoted(path)) leads out of \(root)", help: "copy the file into the project")
    }

    static func importCycle(_ chain: [String]) -> Message {
        Message(
            "files import each other in a circle: \(chain.joined(separator: " → "))",
            help: "move what both need into a third file")
    }

    static func importsTooDeep(_ limit: Int) -> Message {
        Message("imports are nested more than \(limit) deep")
    }

    static func unusedImport(_ name: String) -> Message {
        Message("the import `\(name)` is not used", help: "remove it")
    }

    static func statementInImport() -> Message {
        Message(
            "an imported file must hold declarations only, but this is a statement",
            help: "move it into a function or a recipe")
    }

    static func variableInImport(_ name: String) -> Message {
        Message("an imported file cannot hold the variable `\(name)`", help: "declare it with `let`")
    }

    static func effectInImport(_ effect: String, through function: String?) -> Message {
        let what = function.map { "`\($0)` uses \(effect)" } ?? "this is \(effect)"
        return Message(
            "a `let` of an imported file must not look at or change the world, but \(what)",
            help: "move it into a function")
    }
}
