import Lang

extension Message {
    static func nothingToDescribe(_ name: String, suggestion: String?) -> Message {
        Message(
            "there is no function, member, namespace or type \(quoted(name))",
            help: suggestion.map { "did you mean `relsh doc \($0)`?" } ?? "`relsh doc` shows what there is")
    }
}
