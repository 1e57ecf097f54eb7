import Lang

extension Message {
    /// Seen by nobody: the value that was asked for is then not known.
    static func worldIsClosed() -> Message { Message("nothing is run or read while a recipe is explained") }
}
