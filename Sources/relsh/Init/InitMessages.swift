import Lang

extension Message {
    static func projectIsThere(_ path: String) -> Message {
        Message(
            "this is a project of relsh already: \(path)",
            help: "change that file, or go to a directory outside; relsh init overwrites nothing")
    }

    static func inTheWay(_ path: String, of wanted: String) -> Message {
        Message(
            "\(path) is in the way: relsh init makes \(wanted) of that name",
            help: "move it away, and run `relsh init` again; nothing has been written")
    }

    static func initTakesNothing(_ word: String) -> Message {
        Message(
            "`relsh init` takes no \(quoted(word))",
            help: "go to the root of the repository, and run `relsh init` there")
    }
}
