import Lang

extension Message {
    static func projectIsThere(_ path: String) -> Message {
        Message(
            "this is a project of relsh already: \(path)",
            help: "change that file, or go to a directory outside; relsh init overwrites nothing")
    }

    static func directoryInTheWay(_ path: String) -> Message {
        Message(
            "\(path) is a directory, where relsh init writes a file",
            help: "move it away, and run `relsh init` again; nothing has been written")
    }

    static func fileInTheWay(_ path: String) -> Message {
        Message(
            "\(path) is a file, where relsh init makes a directory",
            help: "move it away, and run `relsh init` again; nothing has been written")
    }

    static func initTakesNothing(_ word: String) -> Message {
        Message(
            "`relsh init` takes no \(quoted(word))",
            help: "go to the root of the repository, and run `relsh init` there")
    }
}
