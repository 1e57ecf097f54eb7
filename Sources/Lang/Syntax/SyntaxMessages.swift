/// Everything the parser can say. One function per mistake; the function's name gives the message's id.
extension Message {
    // MARK: Text

    static func invalidText() -> Message {
        Message("a recipe must be UTF-8 text, but this byte is not part of any", help: "save the file as UTF-8")
    }

    static func bidirectionalControl(_ scalar: Unicode.Scalar) -> Message {
        Message(
            "text must read as it runs, but \(codePoint(scalar)) reorders it on the screen",
            help: "in a string, write it as `\\u{\(String(scalar.value, radix: 16, uppercase: true))}`")
    }

    static func unexpectedCharacter(_ scalar: Unicode.Scalar) -> Message {
        let shown = scalar.value > 0x20 && scalar.value != 0x7F && scalar.value != 0xFEFF && scalar.value != 0xA0
        let text = shown ? "unexpected character `\(scalar)`" : "unexpected character \(codePoint(scalar))"
        let help: String? =
            switch scalar {
            case "“", "”", "„", "«", "»": "write strings in straight quotes: `\"…\"`"
            case "‘", "’": "write strings in straight quotes: `'…'`"
            case "\u{A0}", "\u{2007}", "\u{202F}": "this is a blank that does not break; use a plain one"
            case "–", "—", "−": "write the minus sign `-`"
            case "≤": "write `<=`"
            case "≥": "write `>=`"
            case "≠": "write `!=`"
            case "…": "a range is written `1..3`"
            case "&": "the logical operator is `and`"
            case "~": "write a path as a string, or use `paths.home()`"
            case "`": "strings are written `\"…\"`; the output of a command is `$( … )`"
            case "\\": "a statement goes on after an operator, a comma or inside brackets, without `\\`"
            default: nil
            }
        return Message(text, help: help)
    }

    static func controlCharacter(_ byte: UInt8) -> Message {
        let digits = String(byte, radix: 16, uppercase: true)
        return Message(
            "text must not hold raw control characters, but this is \(codePoint(Unicode.Scalar(byte)))",
            help: "write it as `\\u{\(digits)}` in a string")
    }

    // MARK: Numbers

    static func numberTooLong(_ length: Int) -> Message {
        Message("a number must have at most 400 digits, but this has \(length)")
    }

    static func malformedNumber(_ text: String) -> Message {
        Message(
            "`\(shortened(text))` is not a number, version, duration or size",
            help: numberHelp(text))
    }

    private static func numberHelp(_ text: String) -> String {
        if text.hasPrefix("0b") || text.hasPrefix("0o") || text.hasPrefix("0X") {
            return "numbers are decimal or `0x…`"
        }
        if text.utf8.allSatisfy({ $0.isDigit || $0 == .dot }) { return "a version has three parts: `1.2.3`" }
        if text.hasSuffix("min") { return "minutes are written `\(text.dropLast(2))`" }
        if text.hasSuffix("sec") { return "seconds are written `\(text.dropLast(2))`" }
        if text.hasPrefix("1e") || text.utf8.dropFirst().first == UInt8(ascii: "e") {
            return "write the number out; there are no exponents"
        }
        return
            "durations are written `250ms`, `90s`, `5m`, `1h30m`; sizes `200MB`, `1GiB`; a name cannot begin with a digit"
    }

    static func malformedLiteral(_ reason: String, _ hint: String?) -> Message {
        Message(reason, help: hint)
    }

    static func misplacedUnderscore(_ text: String) -> Message {
        Message("`_` must stand between two digits of a number, but is misplaced in `\(shortened(text))`")
    }

    static func leadingZero(_ text: String) -> Message {
        let parts = text.split(separator: ".").map { part in
            let digits = part.drop { $0 == "0" }
            return digits.isEmpty ? "0" : String(digits)
        }
        let isFloat = parts.count == 2 && text.utf8.allSatisfy { !$0.isLetter }
        let fixed = isFloat ? parts[0] + text.drop { $0 != "." } : parts.joined(separator: ".")
        return Message(
            "a number must not begin with `0`, but is `\(shortened(text))`", help: "write `\(shortened(fixed))`")
    }

    static func integerTooLarge(_ text: String) -> Message {
        Message("an Int must be at most \(Int.max), but is `\(shortened(text))`")
    }

    static func floatTooLarge(_ text: String) -> Message {
        Message("`\(shortened(text))` is too large for a Float")
    }

    static func versionSuffix(_ text: String) -> Message {
        Message(
            "a version literal must be three numbers, but is `\(shortened(text))`",
            help: "write `Version(\"\(shortened(text))\")`, or blanks around the sign for arithmetic")
    }

    // MARK: Strings

    static func unclosedString(_ quote: String, other: String?) -> Message {
        let help =
            other.map { "it begins with `\(quote)` but ends with `\($0)`; use one of them for both" }
            ?? (quote == "\"" ? "add `\"`; text of several lines stands between `\"\"\"`" : "add `\(quote)`")
        return Message("this string is not closed on its line", help: help)
    }

    static func unclosedMultilineString() -> Message {
        Message("this string is not closed", help: "end it with `\"\"\"` on a line of its own", isIncomplete: true)
    }

    static func unclosedInterpolation(isAtEnd: Bool) -> Message {
        Message("this `${` is not closed", help: "add `}`", isIncomplete: isAtEnd)
    }

    static func emptyInterpolation() -> Message {
        Message("`${}` must hold an expression, but is empty", help: "for the characters themselves write `\\${}`")
    }

    static func unknownEscape(_ scalar: Unicode.Scalar?) -> Message {
        let known = "the escapes are `\\n \\t \\r \\\\ \\\" \\$ \\u{…}`"
        guard let scalar else { return Message("a `\\` must be followed by a letter, but the line ends", help: known) }
        let help: String =
            switch scalar {
            case "'": "`'` needs no backslash here"
            case "0", "x", "e": "write the code as `\\u{…}`"
            default: known + "; for a backslash write `\\\\`, or use a raw string `'…'`"
            }
        return Message("`\\\(scalar)` is not an escape", help: help)
    }

    static func malformedUnicodeEscape() -> Message {
        Message("`\\u` must be followed by the hexadecimal code of a character", help: "for example `\\u{1F680}`")
    }

    static func multilineStringStart() -> Message {
        Message("the text of a `\"\"\"` string must begin on the next line", help: "break the line after `\"\"\"`")
    }

    static func multilineStringEnd() -> Message {
        Message("the closing `\"\"\"` must stand on a line of its own", help: "break the line before `\"\"\"`")
    }

    static func multilineStringIndentation() -> Message {
        Message(
            "a line of a `\"\"\"` string must be indented at least like its closing quotes",
            help: "indent the line with the same blanks, or move the closing quotes to the left")
    }

    static func interpolatedText(_ place: String) -> Message {
        Message("\(place) must be plain text, but has `${…}` in it")
    }

    // MARK: Commands

    static func commandNeedsBlank(_ text: String) -> Message {
        if text.hasPrefix("${") {
            return Message(
                "`${…}` stands only in strings and commands", help: "write the expression without `${` and `}`")
        }
        if text == "$" { return Message("`$` must be followed by a blank and a command", help: "write `$ git status`") }
        let name = text.dropFirst()
        return Message(
            "`$` must be followed by a blank and a command, but is `\(text)`",
            help: "a command is written `$ \(name)`, a name `\(name)`, an environment variable `env.get(\"\(name)\")`")
    }

    static func commandNotAtStart() -> Message {
        Message(
            "a `$` command must stand at the start of a statement",
            help: "for its output write `$( … )`; for a command in a branch write `{ $ … }`")
    }

    static func emptyCommand() -> Message {
        Message("a command must name a program, but is empty", help: "write `$ git status`, `$(git status)`")
    }

    static func tooManyWords(limit: Int) -> Message {
        Message(
            "a command must have at most \(limit) words, but this has more",
            help: "read the words from a file: `$ program ${files.lines(\"words.txt\")}`")
    }

    static func commandWithoutProgram() -> Message {
        Message(
            "a command must name a program, but only sets its environment",
            help: "put the program behind: `$ NAME=value program`")
    }

    static func severalCommandsInCapture() -> Message {
        Message("`$( … )` must hold one command, but holds several", help: "write one `$( … )` for each")
    }

    static func commandRedirection() -> Message {
        Message(
            "`>` does not redirect: a command's words go to no shell",
            help: "use `| tee FILE`, `files.write(…)` or `sh(\"…\")`; quote it to pass it on")
    }

    static func commandInput() -> Message {
        Message(
            "`<` does not redirect: a command's words go to no shell",
            help: "use `run([…], stdin: …)` or `sh(\"…\")`; quote it to pass it on")
    }

    static func commandList(_ sign: String) -> Message {
        let fix =
            sign == "&&"
            ? "write two lines: the second runs only if the first succeeds"
            : "use `try { $ … } catch { … }`"
        return Message("`\(sign)` does not join commands", help: fix + "; quote it to pass it on")
    }

    static func commandBackground() -> Message {
        Message("`&` does not run a command in the background", help: "use `parallel { … }`; quote it to pass it on")
    }

    static func commandGlob() -> Message {
        Message(
            "`*` does not match files: a command's words go to no shell",
            help: "use `${paths.glob(\"…\")}`; quote it to pass it on")
    }

    static func commandHome() -> Message {
        Message("`~` is not the home directory here", help: "use `${paths.home()}`; quote it to pass it on")
    }

    static func commandBackticks() -> Message {
        Message("backticks do not run a command", help: "use `${$( … )}`; quote it to pass it on")
    }

    static func commandSubstitution() -> Message {
        Message(
            "`$( … )` in a command must stand in `${ }`",
            help: "write `${$( … )}` for one argument, `${$( … ).lines()}` for one per line")
    }

    static func commandVariable(_ text: String) -> Message {
        let name = text.dropFirst()
        guard name.utf8.first?.isNameStart == true else {
            return Message("`\(text)` has no meaning here", help: "quote it to pass it on: `'\(text)'`")
        }
        return Message(
            "`\(text)` is not replaced by a value",
            help:
                "write `${\(name.lowercased())}` for a name, `${env.get(\"\(name)\")}` for the environment; quote it to pass it on"
        )
    }

    static func commandBackslash() -> Message {
        Message(
            "a backslash must be the last character of the line or stand in quotes",
            help: "quote the word: `'…'` takes everything as it is")
    }

    static func commandParenthesis(_ sign: String) -> Message {
        Message(
            "`\(sign)` must be quoted in a command", help: "quote the word: `'…'`, or use `sh(\"…\")` for shell syntax")
    }

    static func commandBrace(_ sign: String) -> Message {
        Message("a word that is just `\(sign)` must be quoted in a command", help: "write `'\(sign)'`")
    }

    static func commandInArm() -> Message {
        Message("a `$` command after `=>` must stand in a block", help: "write `=> { $ … }`")
    }

    // MARK: Brackets and nesting

    static func nestedTooDeeply() -> Message {
        Message("this is nested too deeply to be read", help: "give inner parts names of their own")
    }

    static func unclosedBracket(_ opener: String, _ closer: String, isAtEnd: Bool) -> Message {
        Message("this `\(opener)` is not closed", help: "add `\(closer)`", isIncomplete: isAtEnd)
    }

    static func mismatchedBracket(_ found: String, _ expected: String) -> Message {
        Message("expected `\(expected)`, but found \(found)")
    }

    static func strayBracket(_ found: String) -> Message {
        Message("`\(found)` closes nothing", help: "remove it, or add what it should close")
    }

    // MARK: What should stand here

    static func expectedValue(_ found: String, help: String? = nil, isIncomplete: Bool = false) -> Message {
        Message("expected a value, but found \(found)", help: help, isIncomplete: isIncomplete)
    }

    static func expectedName(_ what: String, _ found: String, help: String? = nil) -> Message {
        Message("expected \(what), but found \(found)", help: help)
    }

    static func reservedWord(_ word: String) -> Message {
        Message(
            "`\(word)` is a word of the language and cannot be a name here",
            help: "choose another, for example `the_\(word)`")
    }

    static func expectedType(_ found: String, help: String? = nil) -> Message {
        Message("expected a type, but found \(found)", help: help)
    }

    static func expectedToken(_ token: String, _ place: String, _ found: String, help: String? = nil) -> Message {
        Message("expected `\(token)` \(place), but found \(found)", help: help)
    }

    static func expectedSeparator(_ closer: String, _ found: String, help: String? = nil) -> Message {
        Message("expected `,` or `\(closer)`, but found \(found)", help: help)
    }

    static func expectedBlock(_ owner: String, _ found: String, help: String? = nil) -> Message {
        Message("expected `{` after \(owner), but found \(found)", help: help)
    }

    static func expectedStatementEnd(_ found: String, help: String?) -> Message {
        Message("expected a new line or `;`, but found \(found)", help: help)
    }

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

    // MARK: Expressions

    static func foreignOperator(_ found: String, _ help: String) -> Message {
        Message("`\(found)` is not an operator of the language", help: help)
    }

    static func foreignConstant(_ found: String, _ name: String) -> Message {
        Message("`\(found)` is spelled `\(name)`", help: "write `\(name)`")
    }

    static func foreignConstruct(_ found: String, _ help: String) -> Message {
        Message("`\(found)` is not a word of the language", help: help)
    }

    static func chainedComparison(_ help: String) -> Message {
        Message("comparisons do not chain", help: help)
    }

    static func chainedRange() -> Message {
        Message("ranges do not chain", help: "a range has two ends: `1..3`, `1..<3`")
    }

    static func notNeedsParentheses() -> Message {
        Message("`not` after an operator must stand in parentheses", help: "write `(not …)`")
    }

    static func ternary() -> Message {
        Message("`? :` is not an operator of the language", help: "write `if a { b } else { c }`")
    }

    static func optionalIndex() -> Message {
        Message(
            "`?` stands before `.` only, and not before `[`",
            help: "for a map that may be null write `m?.get(\"key\")`; otherwise look for null first")
    }

    static func tuple() -> Message {
        Message("parentheses hold one value", help: "values together are a list: `[a, b]`")
    }

    static func mapInHead() -> Message {
        Message(
            "expected a value before `{`, which begins the block here",
            help: "a map in this place stands in parentheses: `({…})`")
    }

    static func bareBlock() -> Message {
        Message("`{` begins a map here, and there are no bare blocks", help: "a map is written `{name: value}`")
    }

    static func mapKey(_ found: String) -> Message {
        Message(
            "the key of a map must be a name or a string, but is \(found)",
            help: "write `{name: value}` or `{\"any text\": value}`")
    }

    static func trailingClosure() -> Message {
        Message(
            "expected a new line or `;`, but found `{`", help: "a function is passed in parentheses: `f(fn(x) => …)`")
    }

    static func positionalMember(_ index: String) -> Message {
        Message("a member must have a name, but is `\(index)`", help: "an element of a list is `xs[\(index)]`")
    }

    // MARK: Match

    static func expectedPattern(_ found: String, help: String?) -> Message {
        Message("expected a literal, a range, a type or `else`, but found \(found)", help: help)
    }

    static func expectedArmEnd(_ found: String) -> Message {
        Message("expected `,` or a new line after the arm, but found \(found)")
    }

    // MARK: Parts

    /// Text for a message, cut where it would flood it.
    static func shortened(_ text: String) -> String {
        let head = text.unicodeScalars.prefix(41)
        guard head.count > 40 else { return text }
        return String(String.UnicodeScalarView(head.dropLast())) + "…"
    }

    static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
