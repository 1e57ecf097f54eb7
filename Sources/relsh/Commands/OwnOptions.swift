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
    /// `--max-memory`, in bytes.
    var maximumMemory: Int?
    var maximumSteps: Int?
    var maximumTime: Duration?
    /// Of `relsh check` and `relsh explain`.
    var wantsJSON = false
    var isStrict = false
    /// `--check` of `relsh fmt`.
    var onlyChecks = false
    /// Of `relsh doc`.
    var wantsMarkdown = false
    var isLedgerOff = false
    var waits = false
    /// Of `relsh runs`.
    var count = 20
    var showsLocks = false
    var unlocks = false
    /// Of `relsh resume`.
    var isForced = false
    var repeats = false
    /// `--plan`: where the plan of a dry run goes.
    var planFile: String?
    /// Of `relsh undo`.
    var step: String?
    /// Of `relsh show`.
    var content: String?

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
        switch option.key {
        case .evaluate: expression = text
        case .maxMemory: maximumMemory = try Self.memory(text)
        case .maxSteps: maximumSteps = try Self.steps(text)
        case .maxTime: maximumTime = try Self.time(text)
        case .step: step = text
        case .content: content = text
        case .plan: (planFile, isDryRun) = (text, true)
        case .count: count = try Self.count(text)
        default: settings.append(try Self.setting(text))
        }
    }

    private static func memory(_ text: String) throws(UsageError) -> Int {
        do throws(ValueError) {
            let size = try Size(parsing: text)
            if size.bytes > 0 { return size.bytes }
        } catch {
            throw UsageError(.wrongLimit("max-memory", error.message, help: error.hint))
        }
        throw UsageError(.limitNotPositive("max-memory", text))
    }

    private static func count(_ text: String) throws(UsageError) -> Int {
        if let count = Int(text), count > 0 { return count }
        throw UsageError(.limitNotPositive("count", text))
    }

    private static func steps(_ text: String) throws(UsageError) -> Int {
        if let count = Int(text), count > 0 { return count }
        throw UsageError(.limitNotPositive("max-steps", text))
    }

    private static func time(_ text: String) throws(UsageError) -> Duration {
        do throws(ValueError) {
            let time = try Duration(parsing: text)
            if time > .zero { return time }
        } catch {
            throw UsageError(.wrongLimit("max-time", error.message, help: error.hint))
        }
        throw UsageError(.limitNotPositive("max-time", text))
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
        case .noLedger: isLedgerOff = true
        case .wait: waits = true
        case .locks: showsLocks = true
        case .unlock: unlocks = true
        case .force: isForced = true
        case .again: repeats = true
        case .set, .evaluate, .maxMemory, .maxSteps, .maxTime, .step, .count, .plan, .content: break
        }
    }

    private static func setting(_ text: String) throws(UsageError) -> Setting {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw UsageError(.malformedSetting(text))
        }
        return Setting(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
}
