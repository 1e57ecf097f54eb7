import Lang

/// What `relsh --list` prints.
struct RecipeList {
    let entries: [RecipeFinder.Entry]
    let width: Int

    func text() -> String {
        if entries.isEmpty {
            return "No recipes found: there is no recipes/ from here upwards, and none ship with this relsh.\n"
        }
        let project = entries.filter { $0.origin == .project }
        let shipped = entries.filter { $0.origin == .shipped }
        var sections: [String] = []
        if !project.isEmpty { sections.append(section("Recipes of the project", project)) }
        if !shipped.isEmpty { sections.append(section("Recipes that ship with relsh", shipped)) }
        sections.append("`relsh RECIPE --help` shows the options of one.\n")
        return sections.joined(separator: "\n")
    }

    private func section(_ title: String, _ entries: [RecipeFinder.Entry]) -> String {
        let rows = entries.map { entry in
            var place = entry.file + (entry.shadowsShipped ? ", instead of the one shipped" : "")
            // The word is taken for the command.
            if CommandWord(rawValue: entry.name) != nil { place += "; run it as `relsh \(entry.file) \(entry.name)`" }
            return (entry.name, (entry.summary.map { $0 + " " } ?? "") + "(\(place))")
        }
        return title + ":\n" + TextLayout(width: width).columns(rows)
    }
}
