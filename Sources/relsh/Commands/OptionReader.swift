import Lang

/// Splits the words of a command line into options and the rest, without knowing any option.
///
/// `--name`, `--name=value`, `-x`, `-xvalue`, `-x=value`, `-xyz` (three flags); after `--` nothing is an option.
struct OptionReader {
    /// An option as it was written.
    struct Option {
        enum Name {
            /// With dashes, as underscores are accepted for them.
            case long(String)
            case short(Character)
        }
        let name: Name
        /// What followed in the same word: after `=`, or directly after a letter.
        let attached: String?
        /// True where `=` made it a value, so that it cannot be further letters.
        let isValue: Bool

        /// As a message shows it.
        var spelled: String {
            switch name {
            case .long(let name): "--" + name
            case .short(let letter): "-\(letter)"
            }
        }
    }

    enum Word {
        case option(Option)
        case plain(String)
    }

    /// The words not looked at yet.
    private(set) var rest: ArraySlice<String>
    private var optionsEnded = false

    init(_ arguments: [String]) { rest = arguments[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// True if `--` comes next.
    var isAtSeparator: Bool { !optionsEnded && rest.first == "--" }

    mutating func next() -> Word? {
        guard let word = rest.popFirst() else { return nil }
        if optionsEnded || word == "-" || !word.hasPrefix("-") { return .plain(word) }
        if word == "--" {
            optionsEnded = true
            return next()
        }
        return .option(word.hasPrefix("--") ? Self.long(word) : Self.short(word))
    }

    private static func long(_ word: String) -> Option {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0].map { $0 == "_" ? "-" : $0 })
        return Option(name: .long(name), attached: parts.count > 1 ? String(parts[1]) : nil, isValue: parts.count > 1)
    }

    private static func short(_ word: String) -> Option {
        let body = word.dropFirst()
        let letter = body.first ?? "-"
        let after = body.dropFirst()
        let isValue = after.first == "="
        let attached = isValue ? String(after.dropFirst()) : String(after)
        return Option(name: .short(letter), attached: isValue || !attached.isEmpty ? attached : nil, isValue: isValue)
    }

    /// The value of an option that must have one.
    mutating func expectValue(
        of option: Option, expected: String, takesAnything: Bool = false
    ) throws(UsageError) -> String {
        if let attached = option.attached { return attached }
        if let value = optionalValue(of: option, takesAnything: takesAnything) { return value }
        let next = optionsEnded || rest.first == "--" ? nil : rest.first
        throw UsageError(.missingOptionValue(option.spelled, expected: expected, next: next))
    }

    /// The value of an option that may have one: attached, or the next word if that is no option.
    mutating func optionalValue(of option: Option, takesAnything: Bool = false) -> String? {
        if let attached = option.attached { return attached }
        guard let next = rest.first, takesAnything || Self.canBeValue(next) else { return nil }
        rest.removeFirst()
        return next
    }

    /// Puts the letters after a flag back, to be read as further flags.
    mutating func expectNoValue(_ option: Option) throws(UsageError) {
        guard let attached = option.attached else { return }
        if case .short = option.name, !option.isValue {
            rest = ["-" + attached] + rest
            return
        }
        throw UsageError(.unexpectedOptionValue(option.spelled, value: attached))
    }

    /// False for what looks like an option; `-` and negative numbers do not.
    private static func canBeValue(_ word: String) -> Bool {
        guard word.hasPrefix("-"), let second = word.dropFirst().first else { return true }
        return second.isASCII && second.isNumber
    }
}
