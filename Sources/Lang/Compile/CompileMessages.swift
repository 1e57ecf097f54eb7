extension Message {
    static func functionTooLarge(_ name: String) -> Message {
        Message(
            "`\(name)` is too large to compile: it needs more than 60,000 values at once",
            help: "split it into smaller functions, or read the data from a file")
    }

    static func brokenScript(_ name: String) -> Message {
        Message("the builtin `\(name)` must be written as one `fn`, but is not", help: "this is a fault in relsh")
    }
}
