import Lang

/// Something wrong with how relsh was called, found before anything ran. Ends relsh with `ExitCode.usage`.
struct UsageError: Error, Sendable {
    let message: Message
    /// Where in a file, for what a file is to blame for.
    let location: SourceLocation?

    init(_ message: Message, at location: SourceLocation? = nil) {
        self.message = message
        self.location = location
    }
}
