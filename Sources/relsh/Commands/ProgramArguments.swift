import Lang

/// The words relsh was started with, as text.
enum ProgramArguments {
    /// Without the program's own name. `CommandLine.arguments` would replace bytes that are not UTF-8 without a word, and
    /// a recipe would then release what nobody named.
    static func read() throws(UsageError) -> [String] {
        var arguments: [String] = []
        for position in 1..<max(1, Int(CommandLine.argc)) {
            guard let word = CommandLine.unsafeArgv[position] else { break }
            guard let text = String(validatingCString: word) else {
                throw UsageError(.argumentNotText(position))
            }
            arguments.append(text)
        }
        return arguments
    }
}
