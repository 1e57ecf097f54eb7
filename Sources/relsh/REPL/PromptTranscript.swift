import Lang

/// What was typed in a session, and what became of it.
struct PromptTranscript: Sendable {
    struct Entry: Sendable {
        let number: Int
        let text: String
        /// How it failed; nil where it has succeeded.
        let failure: Failure?
        /// True where it changed something outside of the session.
        let hasChanged: Bool
        /// True where a step of it has an `undo` block, which `:undo` calls though nothing was changed.
        let hasUndo: Bool
        /// The run in the ledger, where it was recorded.
        let run: Int?
        /// True where it gave the value that `_` stands for after it.
        let hasValue: Bool
        /// What it was given as `_`: the number of that input.
        let last: Int?
        var isUndone = false
        /// True for a change that has no way back.
        var stays = false
        var hasSucceeded: Bool { failure == nil }
    }

    /// What is known of an input that failed.
    struct Failure: Sendable {
        /// Where in its text; nil where that is not known: then nothing of it counts as done.
        let offset: Int?
        /// In one line.
        let reason: String
        /// Whether a change was made before or in it.
        let hasMade: Bool
    }

    private(set) var entries: [Entry] = []
    /// The input whose value `_` is.
    private(set) var last: Int?

    mutating func add(
        _ number: Int, _ text: String, failure: Failure?, hasChanged: Bool, hasUndo: Bool = false, run: Int?,
        hasValue: Bool
    ) {
        entries.append(
            Entry(
                number: number, text: text, failure: failure, hasChanged: hasChanged, hasUndo: hasUndo, run: run,
                hasValue: hasValue, last: last))
        if hasValue { last = number }
    }

    /// The newest of what can be taken back and has not been.
    var undoable: Int? {
        entries.lastIndex { ($0.hasChanged || $0.hasUndo) && !$0.isUndone && !$0.stays && $0.run != nil }
    }

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
        /// What failed, a line each; these stand as comments among the statements, too.
        var leftOut: [String] = []

        var isEmpty: Bool { statements.count == leftOut.count && declarations.isEmpty }

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

    /// An input, with what of it was done.
    private struct Kept {
        let entry: Entry
        let parts: ArraySlice<PromptInput.Part>
        /// The statement that failed.
        let failed: PromptInput.Part?
        /// How many come after that.
        let rest: Int

        init(_ entry: Entry, _ input: PromptInput) {
            self.entry = entry
            guard let failure = entry.failure else {
                (parts, failed, rest) = (input.parts[...], nil, 0)
                return
            }
            let offset = failure.offset ?? 0
            parts = input.parts.prefix { $0.range.end <= offset }
            failed = input.parts.dropFirst(parts.count).first
            rest = max(0, input.parts.count - parts.count - 1)
        }

        /// Nil where nothing was left out that had done something.
        var leftOut: String? {
            guard let failure = entry.failure, failure.hasMade, let failed else { return nil }
            let line = failed.text.shortened(to: 80)
            let more = rest == 0 ? "" : rest == 1 ? ", and the statement after it" : ", and \(rest) statements after it"
            return "`\(line)`, which failed\(more): \(failure.reason)"
        }
    }

    /// Of what was done and not taken back: what changed something, and the names. An input that failed has done what stands before
    /// the statement that it failed in.
    /// - Parameter catalog: what the inputs could call.
    func recipe(_ catalog: Catalog) -> Recipe {
        let good = entries.filter { !$0.isUndone }
        // What others go on from with `_` is kept, too, and has a name then.
        var needed: Set<Int> = []
        for entry in good.reversed() {
            let input = PromptInput(entry.text, last: nil, catalog: catalog)
            if input.usesLast, isKept(Kept(entry, input)) || needed.contains(entry.number), let last = entry.last {
                needed.insert(last)
            }
        }
        let kept = good.map {
            Kept($0, PromptInput($0.text, last: $0.last.map(Self.name), catalog: catalog))
        }
        .filter { isKept($0) || needed.contains($0.entry.number) }
        let parts = kept.flatMap(\.parts)
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
            for (position, part) in each.parts.enumerated() {
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
                    let isLast = position == each.parts.count - 1
                    if isLast, needed.contains(each.entry.number) {
                        recipe.statements.append("let \(Self.name(each.entry.number)) = \(part.text)")
                    } else if each.entry.hasChanged {
                        recipe.statements.append(part.text)
                    }
                }
            }
            if let left = each.leftOut {
                recipe.leftOut.append(left)
                recipe.statements.append("# Left out: \(left)")
            }
        }
        return recipe
    }

    private static func name(_ number: Int) -> String { "result_\(number)" }

    private func isKept(_ kept: Kept) -> Bool {
        kept.entry.hasChanged
            || kept.parts.contains { part in
                switch part.kind {
                case .import, .declaration, .variable, .assignment: true
                case .statement, .value: false
                }
            }
    }
}

extension String {
    /// Its first line, as far as it has room.
    func shortened(to limit: Int) -> String {
        let line = prefix { !$0.isNewline }
        let isWhole = line.count <= limit && line.endIndex == endIndex
        return inOneLine(String(line.prefix(limit))) + (isWhole ? "" : "…")
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
