import Lang

/// What was typed in a session, and what became of it.
struct PromptTranscript: Sendable {
    struct Entry: Sendable {
        let number: Int
        let text: String
        let hasSucceeded: Bool
        /// True where it changed something outside of the session.
        let hasChanged: Bool
        /// The run in the ledger, where it was recorded.
        let run: Int?
        /// True where it gave the value that `_` stands for after it.
        let hasValue: Bool
        /// What it was given as `_`: the number of that input.
        let last: Int?
        var isUndone = false
        /// True for a change that has no way back.
        var stays = false
    }

    private(set) var entries: [Entry] = []
    /// The input whose value `_` is.
    private(set) var last: Int?

    mutating func add(
        _ number: Int, _ text: String, hasSucceeded: Bool, hasChanged: Bool, run: Int?, hasValue: Bool
    ) {
        entries.append(
            Entry(
                number: number, text: text, hasSucceeded: hasSucceeded, hasChanged: hasChanged, run: run,
                hasValue: hasValue, last: last))
        if hasValue { last = number }
    }

    /// The newest change that has not been taken back.
    var undoable: Int? { entries.lastIndex { $0.hasChanged && !$0.isUndone && !$0.stays && $0.run != nil } }

    /// Of what changed something.
    var newestRun: Int? { entries.last { $0.run != nil }?.run }

    mutating func markUndone(_ index: Int) { entries[index].isUndone = true }

    mutating func markStaying(_ index: Int) { entries[index].stays = true }

    // MARK: As a recipe

    /// The parts of a recipe, in order.
    struct Recipe: Sendable {
        var imports: [String] = []
        var declarations: [String] = []
        var statements: [String] = []
        /// Everything that is declared in it.
        var names: Set<String> = []
        /// Functions that meant something else earlier on.
        var redeclared: [String] = []

        var isEmpty: Bool { statements.isEmpty && declarations.isEmpty }

        /// - Parameter name: of the recipe.
        func text(_ name: String) -> String {
            var text = ""
            if !imports.isEmpty { text += imports.joined(separator: "\n") + "\n\n" }
            if !declarations.isEmpty { text += declarations.joined(separator: "\n\n") + "\n\n" }
            if !statements.isEmpty {
                text += "## What was done at the prompt.\ndefault recipe \(name)() {\n"
                text += statements.joined(separator: "\n") + "\n}\n"
            }
            return text
        }
    }

    private struct Kept {
        let entry: Entry
        let input: PromptInput
    }

    /// Of what succeeded and was not taken back: what changed something, and the names.
    /// - Parameter catalog: what the inputs could call.
    func recipe(_ catalog: Catalog) -> Recipe {
        let good = entries.filter { $0.hasSucceeded && !$0.isUndone }
        // What others go on from with `_` is kept, too, and has a name then.
        var needed: Set<Int> = []
        for entry in good.reversed() {
            let input = PromptInput(entry.text, last: nil, catalog: catalog)
            if input.usesLast, isKept(input, entry) || needed.contains(entry.number), let last = entry.last {
                needed.insert(last)
            }
        }
        let kept = good.map {
            Kept(entry: $0, input: PromptInput($0.text, last: $0.last.map(Self.name), catalog: catalog))
        }
        .filter { isKept($0.input, $0.entry) || needed.contains($0.entry.number) }
        let parts = kept.flatMap(\.input.parts)
        let values = Set(parts.flatMap { $0.isVariable ? $0.declares : [] })
        // A function that uses a value, or such a function, stands where the value is; the others are the file's.
        var inner: Set<String> = values
        var counts: [String: Int] = [:]
        for case .variable(let name, _) in parts.map(\.kind) { counts[name, default: 0] += 1 }
        var recipe = Recipe()
        var declared: [String: Int] = [:]
        var known: Set<String> = []
        recipe.names = Set(parts.flatMap(\.declares))
        for each in kept {
            for (position, part) in each.input.parts.enumerated() {
                switch part.kind {
                case .import:
                    if !recipe.imports.contains(part.text) { recipe.imports.append(part.text) }
                case .declaration(let name):
                    if part.isFunction, !part.mentions.isDisjoint(with: inner) {
                        inner.insert(name)
                        recipe.statements.append(part.text)
                    } else if let index = declared[name] {
                        // The last one of a name is what it means in a file.
                        if recipe.declarations[index] != part.text { recipe.redeclared.append(name) }
                        recipe.declarations[index] = part.text
                    } else {
                        declared[name] = recipe.declarations.count
                        recipe.declarations.append(part.text)
                    }
                case .variable(let name, let isVariable):
                    if !known.insert(name).inserted, let assignment = part.assignment {
                        recipe.statements.append(assignment)
                    } else if !isVariable, counts[name] ?? 0 > 1 {
                        recipe.statements.append("var" + part.text.dropFirst("let".count))
                    } else {
                        recipe.statements.append(part.text)
                    }
                case .assignment: recipe.statements.append(part.text)
                case .statement, .value:
                    let isLast = position == each.input.parts.count - 1
                    if isLast, needed.contains(each.entry.number) {
                        recipe.statements.append("let \(Self.name(each.entry.number)) = \(part.text)")
                    } else if each.entry.hasChanged {
                        recipe.statements.append(part.text)
                    }
                }
            }
        }
        return recipe
    }

    private static func name(_ number: Int) -> String { "result_\(number)" }

    private func isKept(_ input: PromptInput, _ entry: Entry) -> Bool {
        entry.hasChanged
            || input.parts.contains { part in
                switch part.kind {
                case .import, .declaration, .variable, .assignment: true
                case .statement, .value: false
                }
            }
    }
}

extension PromptInput.Part {
    fileprivate var isVariable: Bool {
        switch kind {
        case .variable, .assignment: true
        default: false
        }
    }

    /// A recipe cannot stand inside of another.
    fileprivate var isFunction: Bool { text.split(separator: "\n").contains { $0.hasPrefix("fn ") } }
}
