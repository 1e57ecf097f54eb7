package import Lang

/// Why a text is not TOML, and where.
struct TOMLError: Error {
    /// "X must be Y, but is Z"
    let problem: String
    let help: String?
    let range: SourceRange
    /// Where the same thing stands before.
    let first: SourceRange?

    init(_ problem: String, help: String? = nil, at range: SourceRange, first: SourceRange? = nil) {
        self.problem = problem
        self.help = help
        self.range = range
        self.first = first
    }
}

extension Message {
    package static func malformedTOML(
        _ problem: String, help: String? = nil, at location: SourceLocation
    ) -> Message {
        Message("\(location.description) is not TOML: \(problem)", help: help, id: "malformedToml")
    }
}

extension TOMLError {
    static func notUTF8(at range: SourceRange) -> TOMLError {
        TOMLError("a text must be UTF-8, but is not", at: range)
    }

    static func tooDeep(at range: SourceRange) -> TOMLError {
        TOMLError("tables and arrays must be at most \(TOMLReader.maximumDepth) deep, but are deeper", at: range)
    }

    // MARK: - What is defined twice

    static func definedAgain(_ key: String, at range: SourceRange, first: SourceRange) -> TOMLError {
        TOMLError("`\(key)` must be defined once, but is defined again", at: range, first: first)
    }

    static func notExtensible(_ key: String, _ what: String, at range: SourceRange, first: SourceRange) -> TOMLError {
        TOMLError("`\(key)` must be a table that can be added to, but is \(what)", at: range, first: first)
    }

    static func notArrayOfTables(
        _ key: String, _ what: String, at range: SourceRange, first: SourceRange
    ) -> TOMLError {
        TOMLError("`\(key)` must be an array of tables, but is \(what)", at: range, first: first)
    }

    // MARK: - Values

    static func notAValue(_ word: String, at range: SourceRange) -> TOMLError {
        let lowered = word.lowercased()
        return TOMLError(
            "a value must be text in quotes, a number, true or false, a date, an array or a table, but is "
                + ValueError.quote(word),
            help: ["true", "false", "inf", "nan"].contains(lowered) ? "write `\(lowered)`" : "write text in quotes",
            at: range)
    }

    static func number(_ requirement: String, _ word: String, at range: SourceRange) -> TOMLError {
        TOMLError("a number must be \(requirement), but is \(ValueError.quote(word))", at: range)
    }

    static func dateTime(_ requirement: String, _ word: String, at range: SourceRange) -> TOMLError {
        TOMLError("a date or time must be \(requirement), but is \(ValueError.quote(word))", at: range)
    }

    static func controlCharacter(_ byte: UInt8, in place: String, at range: SourceRange) -> TOMLError {
        TOMLError(
            "a character in \(place) must be printable or a tab, but is \(quoted(String(Unicode.Scalar(byte))))",
            help: place == "text" ? "in text in double quotes an escape stands for it, such as `\\u0000`" : nil,
            at: range)
    }

    static func unclosedText(_ quotes: String, isLong: Bool, at range: SourceRange) -> TOMLError {
        let end = isLong ? "the text" : "the line"
        return TOMLError(
            "text must be closed by `\(quotes)`, but is open at the end of \(end)",
            help: isLong ? nil : "text over several lines stands in three quotes", at: range)
    }
}
