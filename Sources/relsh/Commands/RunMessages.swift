import Lang

extension Message {
    static func noSuchRecipeInFile(_ name: String, file: String, suggestion: String?) -> Message {
        Message(
            "\(file) must have a recipe `\(name)`, but has none of that name",
            help: suggestion.map { "did you mean \($0)?" } ?? "`relsh \(file) --help` lists those it has")
    }

    static func emptyFile(_ file: String) -> Message {
        Message("\(file) is empty: there is nothing to run", help: "`relsh --list` shows the recipes found from here")
    }

    static func recipeNotNamed(file: String, _ names: [String]) -> Message {
        Message(
            "\(file) has several recipes and no default, so one must be named",
            help: "one of \(names.joined(separator: ", "))")
    }
}
