/// One row of the table of commands that only read: how the command begins, and which options and operands it may have.
struct CommandRule: Sendable {
    /// `["image", "inspect"]`
    private let words: [String]
    /// Options that make it change something. Also refused as `--output=…` and as any beginning of a long name (which
    /// programs accept), and one letter anywhere in a group (`-uo`).
    private let except: [String]
    /// The only options it may have; nil allows all that are not refused.
    private let only: [String]?
    /// Options whose value is the argument after them.
    private let valued: [String]
    /// How many other arguments it may have.
    private let operands: ClosedRange<Int>
    /// What each of these must begin with.
    private let operandPrefix: String

    init(
        _ words: String = "", except: [String] = [], only: [String]? = nil, valued: [String] = [],
        operands: ClosedRange<Int> = 0...Int.max, operandPrefix: String = ""
    ) {
        self.words = words.split(separator: " ").map(String.init)
        self.except = except
        self.only = only
        self.valued = valued
        self.operands = operands
        self.operandPrefix = operandPrefix
    }

    /// - Parameter arguments: those after the program's name.
    func allows(_ arguments: ArraySlice<String>) -> Bool {
        guard arguments.starts(with: words) else { return false }
        var count = 0
        var optionsAreOver = false
        var isValue = false
        for argument in arguments.dropFirst(words.count) {
            if isValue {
                isValue = false
            } else if optionsAreOver || argument == "-" || !argument.hasPrefix("-") {
                guard argument.hasPrefix(operandPrefix) else { return false }
                count += 1
            } else if argument == "--" {
                optionsAreOver = true
            } else {
                guard allows(option: argument) else { return false }
                isValue = valued.contains(argument)
            }
        }
        return operands.contains(count)
    }

    private func allows(option: String) -> Bool {
        let name = String(option.prefix { $0 != "=" })
        if let only { return only.contains(name) }
        return !except.contains { refused in
            if refused.hasPrefix("--") {
                return name.hasPrefix("--") && (refused.hasPrefix(name) || name.hasPrefix(refused))
            }
            return !option.hasPrefix("--") && option.dropFirst().contains(refused.dropFirst())
        }
    }
}
