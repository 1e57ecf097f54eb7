/// A token with what stands around it. A string and a command are one token each, from their first sign to their last.
struct FormatToken {
    let kind: Token.Kind
    let range: SourceRange
    /// The line it begins in, counted from 0.
    let line: Int
    /// The comments between the token before and this one, except that which ends the line of the token before.
    var leading: [Comment] = []
    /// True if a line is empty between the last comment, or the token before, and this one.
    var blankBefore = false
    /// The comment that ends its line.
    var trailing: SourceRange?
    var content = Content.plain

    struct Comment {
        let range: SourceRange
        var blankBefore: Bool
    }

    enum Content {
        case plain
        /// A string of several lines.
        case multiline(MultilineText)
        case command(CommandText)
    }
}

/// A `"""` string: the blanks each of its lines begins with, that of the closing quotes last.
struct MultilineText {
    let range: SourceRange
    let lines: [SourceRange]
}

/// A command, cut where its layout may change.
struct CommandText {
    var parts: [Part] = []

    enum Part {
        /// A word as written: its strings of several lines and what stands between them.
        case word([Piece])
        case pipe
        /// `\` before the end of a line.
        case continuation
        /// The end of a line inside `$( … )`.
        case newline
        case comment(SourceRange)
    }

    enum Piece {
        case text(SourceRange)
        case multiline(MultilineText)
    }
}
