import Lang

/// What relsh's own options said.
struct OwnOptions: Sendable, Equatable {
    /// `--set key=value`
    struct Setting: Sendable, Equatable {
        let key: String
        let value: String
    }

    var wantsHelp = false
    var wantsVersion = false
    var wantsList = false
    /// The text after `-e`.
    var expression: String?
    var isDryRun = false
    /// In the order given; a later one overrides an earlier one.
    var settings: [Setting] = []
    var assumesYes = false
    var isQuiet = false
    var isVerbose = false
    var isColourOff = false
    /// Of `relsh check` and `relsh explain`.
    var wantsJSON = false
    var isStrict = false
    /// `--check` of `relsh fmt`.
    var onlyChecks = false
    /// Of `relsh doc`.
    var wantsMarkdown = false

    /// Takes an option over, with its value from the word itself or from the next one.
    mutating func take(
        _ option: OwnOption, _ word: OptionReader.Option, from reader: inout OptionReader
    ) throws(UsageError) {
        guard let placeholder = option.value else {
            try reader.expectNoValue(word)
            set(option.key)
            return
        }
        let takesAnything = option.key == .evaluate
        let text = try reader.expectValue(of: word, expected: placeholder, takesAnything: takesAnything)
        if option.key == .evaluate { expression = text } else { settings.append(try Self.setting(text)) }
    }

    private mutating func set(_ flag: OwnOption.Key) {
        switch flag {
        case .help: wantsHelp = true
        case .version: wantsVersion = true
        case .list: wantsList = true
        case .dryRun: isDryRun = true
        case .yes: assumesYes = true
        case .quiet: isQuiet = true
        case .verbose: isVerbose = true
        case .noColor: isColourOff = true
        case .json: wantsJSON = true
        case .strict: isStrict = true
        case .onlyCheck: onlyChecks = true
        case .markdown: wantsMarkdown = true
        case .set, .evaluate: break
        }
    }

    private static func setting(_ text: String) throws(UsageError) -> Setting {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw UsageError(.malformedSetting(text))
        }
        return Setting(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
}
