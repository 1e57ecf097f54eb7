/// What a message says, apart from where. Its id comes from the name of the function that makes it, so that there is
/// one declaration per mistake: `static func unknownName(…)` has the id `unknown-name`.
package struct Message: Sendable, Hashable {
    package let id: String
    package let text: String
    /// What to do about it, where that can be told.
    package let help: String?
    /// The type that was asked for, where the message is about one.
    package let expected: String?
    /// What to write in place of what the message points at; nil where that cannot be told for certain.
    package let replacement: String?
    /// True where more input would make the program right; the prompt then asks for another line.
    package let isIncomplete: Bool

    package init(
        _ text: String, help: String? = nil, expected: String? = nil, replacement: String? = nil,
        isIncomplete: Bool = false, id: String = #function
    ) {
        self.id = Message.kebab(id)
        self.text = Message.cut(text)
        self.help = help.map(Message.cut)
        self.expected = expected.map(Message.cut)
        self.replacement = replacement
        self.isIncomplete = isIncomplete
    }

    /// Names and values stand in messages, and a program can have one of ten megabytes.
    private static func cut(_ text: String) -> String {
        guard text.utf8.count > 2000 else { return text }
        return String(text.unicodeScalars.prefix(400)) + "…" + String(text.unicodeScalars.suffix(200))
    }

    static func kebab(_ function: String) -> String {
        var id = ""
        for character in function.prefix(while: { $0 != "(" }) {
            if character.isUppercase {
                id += "-" + character.lowercased()
            } else {
                id.append(character)
            }
        }
        return id
    }
}

/// A finding about a program: what, where, and how bad.
package struct Diagnostic: Sendable {
    package enum Severity: Sendable { case error, warning }

    /// A second place that explains the first, for example where a name was declared.
    package struct Note: Sendable {
        package let text: String
        package let location: SourceLocation

        package init(_ text: String, at location: SourceLocation) {
            self.text = text
            self.location = location
        }
    }

    package let severity: Severity
    package let message: Message
    package let location: SourceLocation
    package let notes: [Note]

    package init(_ severity: Severity, _ message: Message, at location: SourceLocation, notes: [Note] = []) {
        self.severity = severity
        self.message = message
        self.location = location
        self.notes = notes
    }
}
