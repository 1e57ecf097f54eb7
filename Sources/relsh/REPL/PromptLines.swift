import Lang

/// Puts lines together to inputs, which go on in the next line while something in them is open.
struct PromptLines {
    /// What has been read of an input that goes on, with its line ends.
    private(set) var open = ""

    /// - Returns: the input that ends with this line; nil where it goes on, or is blank.
    mutating func add(_ line: String) -> String? {
        let text = open + line
        if !text.hasPrefix(":"), InputState(text) == .unfinished {
            open = text + "\n"
            return nil
        }
        open = ""
        return text.allSatisfy(\.isWhitespace) ? nil : text
    }

    /// Forgets an input that goes on.
    mutating func giveUp() { open = "" }
}
