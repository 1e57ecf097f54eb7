/// What a person must know, before a change is made, of taking it back. In words: relsh shows it and does not act on it.
///
/// `{name}` in a text or command stands for the argument of that parameter.
package struct Reversal: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// Taken back without being asked when the call itself fails.
        case automatic
        /// Taken back without being asked when a transaction around the call fails later, and by `relsh undo` when asked.
        case transaction
        /// Taken back by `relsh undo`: what is of the former kind, where no transaction is around the call.
        case later
        /// A person can take it back with a command.
        case command
        /// It stays.
        case never
        /// It cannot be told what is changed.
        case unknown
    }

    /// The tags among the items of a list that this is about.
    package enum Part: Sendable, Hashable {
        /// Those that are the bare name of a stage, such as `dev`.
        case movingTags(of: String)
        /// All others, such as `dev-1.2.0`.
        case versionTags(of: String)
    }

    package let kind: Kind
    package let part: Part?
    /// The parameter, a Bool, without which there is nothing to say.
    package let flag: String?
    /// What would be typed; nil for the other kinds.
    package let command: String?
    /// What the command does, or why there is none; may be empty beside a command that says all.
    package let text: String

    private init(_ kind: Kind, _ part: Part?, _ flag: String?, _ command: String?, _ text: String) {
        self.kind = kind
        self.part = part
        self.flag = flag
        self.command = command
        self.text = text
    }

    package static func automatic(_ text: String, flag: String? = nil) -> Reversal {
        Reversal(.automatic, nil, flag, nil, text)
    }

    /// For a builtin that has an inverse. Whatever else is said of it is about what that does not bring back.
    package static let transaction = Reversal(.transaction, nil, nil, nil, "")

    package static func by(_ command: String, _ text: String = "", part: Part? = nil) -> Reversal {
        Reversal(.command, part, nil, command, text)
    }

    package static func never(_ text: String, part: Part? = nil, flag: String? = nil) -> Reversal {
        Reversal(.never, part, flag, nil, text)
    }

    package static func unknown(_ text: String) -> Reversal { Reversal(.unknown, nil, nil, nil, text) }
}

extension Reversal {
    /// As the reference says it: parameters in capital letters.
    package var description: String {
        let subject =
            switch part {
            case .movingTags: "moving tags: "
            case .versionTags: "version tags: "
            case nil: flag.map { "with `\($0): true`: " } ?? ""
            }
        let said = Self.filled(text) { $0.uppercased() }
        let shown = command.map { "`" + Self.filled($0) { $0.uppercased() } + "`" } ?? ""
        switch kind {
        case .automatic: return subject + "when it fails, " + said
        case .transaction, .later: return "when a transaction around it fails, it is taken back; later by `relsh undo`"
        case .command: return subject + shown + (said.isEmpty ? "" : ", " + said)
        case .never: return subject + "cannot be taken back: " + said
        case .unknown: return subject + "not known: " + said
        }
    }

    /// The text with what each `{name}` stands for.
    package static func filled(_ text: String, _ value: (String) -> String) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open] + value(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
