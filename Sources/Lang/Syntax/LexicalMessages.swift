/// What the lexer can say of text, numbers and strings.
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
        let mantissa = text.utf8.prefix { $0.isDigit || $0 == .dot }
        if let next = text.utf8.dropFirst(mantissa.count).first, next | 0x20 == UInt8(ascii: "e") {
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
}
