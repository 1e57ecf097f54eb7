import Builtins
import Lang

/// What begins with a colon at the prompt. Declared once: reading, help and completion take it from here.
enum PromptCommand: Sendable, Equatable {
    case help, recipes, steps, undo, quit
    case doc(String)
    case type(String)
    case load(String)
    case run([String])
    case dry(Bool?)
    /// Nil for the time that the last input took.
    case time(String?)
    case save(String)

    struct Description: Sendable {
        let name: String
        /// What follows the name; empty where nothing does.
        let argument: String
        let summary: String
    }

    static let all = [
        Description(name: "help", argument: "", summary: "show this"),
        Description(name: "doc", argument: "NAME", summary: "describe something a recipe can call: `:doc docker.tag`"),
        Description(name: "type", argument: "EXPR", summary: "the type of an expression, which is not run"),
        Description(name: "load", argument: "FILE", summary: "run a file as if it had been typed here"),
        Description(name: "run", argument: "RECIPE …", summary: "run a recipe with its options"),
        Description(name: "recipes", argument: "", summary: "list the recipes found from here"),
        Description(name: "steps", argument: "", summary: "what the last change did, step by step"),
        Description(name: "undo", argument: "", summary: "take the last change back; again for the one before"),
        Description(name: "dry", argument: "on|off", summary: "show what would be changed, and change nothing"),
        Description(
            name: "time", argument: "[EXPR]", summary: "how long it takes; alone, how long the last input took"),
        Description(name: "save", argument: "FILE", summary: "write what was done here as a recipe"),
        Description(name: "quit", argument: "", summary: "leave; so does Ctrl-D"),
    ]

    /// Why a line is no command.
    enum Mistake: Error, Equatable {
        case unknown(String, suggestion: String?)
        case lacksArgument(Description)
        case takesNone(Description)
        case wrongArgument(Description, String)
        case openQuote

        static func == (left: Mistake, right: Mistake) -> Bool { "\(left)" == "\(right)" }
    }

    /// - Parameter line: without the colon.
    static func parse(_ line: String) throws(Mistake) -> PromptCommand {
        let trimmed = line.trimmed
        let name = String(trimmed.prefix { !$0.isWhitespace })
        let rest = String(trimmed.dropFirst(name.count)).trimmed
        let full = name == "q" || name == "exit" ? "quit" : name == "h" || name == "?" ? "help" : name
        guard let known = all.first(where: { $0.name == full }) else {
            throw .unknown(name, suggestion: Self.near(name))
        }
        if known.argument.isEmpty, !rest.isEmpty { throw .takesNone(known) }
        if rest.isEmpty, !known.argument.isEmpty, !known.argument.hasPrefix("["), full != "dry" {
            throw .lacksArgument(known)
        }
        switch full {
        case "help": return .help
        case "recipes": return .recipes
        case "steps": return .steps
        case "undo": return .undo
        case "doc": return .doc(rest)
        case "type": return .type(rest)
        case "load": return .load(try file(rest))
        case "save": return .save(try file(rest))
        case "run": return .run(try words(rest))
        case "time": return .time(rest.isEmpty ? nil : rest)
        case "dry":
            if !["", "on", "off"].contains(rest) { throw .wrongArgument(known, rest) }
            return .dry(rest.isEmpty ? nil : rest == "on")
        default: return .quit
        }
    }

    private static func file(_ text: String) throws(Mistake) -> String {
        let words = try words(text)
        return words.count == 1 ? words[0] : text
    }

    /// As a command line is taken apart, with quotes and `\`; nothing is expanded.
    static func words(_ text: String) throws(Mistake) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
                word = word ?? ""
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if quote != nil || isEscaped { throw .openQuote }
        if let word { words.append(word) }
        return words
    }

    private static func near(_ name: String) -> String? {
        let starting = all.map(\.name).filter { !name.isEmpty && $0.hasPrefix(name) }
        return starting.count == 1 ? starting[0] : suggestion(for: name, among: all.map(\.name))
    }
}
