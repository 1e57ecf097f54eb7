import Lang

extension Message {
    static func nothingToFormat() -> Message {
        Message("`relsh fmt` needs a file or a directory", help: "relsh fmt recipes")
    }
}
