// The `let`s of an imported file are pure: reading a file for its functions must not look at or change the world.
//
// While a declaration of the file is walked, what it does to the world and which functions it names are written down as
// its facts. Naming a function counts as calling it, since it may be handed to something that does. When all of the file
// has been walked, each `let` is followed through the functions it names, into other files as well.

/// What a declaration does to the world.
struct EffectFacts {
    struct Use {
        let module: Int
        let name: String
        let range: SourceRange
    }

    /// What it does itself, where that was first seen.
    var effect: (description: String, location: SourceLocation)?
    var uses: [Use] = []
    /// True for what does so when called, false for a `let` that does so when its file is read.
    var isFunction = false
}

extension Resolver {
    /// Walks a declaration of the file, with its facts written down under `name`.
    mutating func recording(_ name: String, isFunction: Bool, _ walk: (inout Resolver) -> Void) {
        if facts[name] == nil { facts[name] = EffectFacts(isFunction: isFunction) }
        currentFact = name
        walk(&self)
        currentFact = nil
    }

    mutating func noteEffect(_ description: String, at range: SourceRange) {
        guard let currentFact, facts[currentFact]?.effect == nil else { return }
        let place = location(range)
        facts[currentFact]?.effect = (description, place)
    }

    mutating func noteUse(of name: String, in module: Int, at range: SourceRange) {
        guard let currentFact else { return }
        facts[currentFact]?.uses.append(.init(module: module, name: name, range: range))
    }

    mutating func checkImportedLets() {
        if !isImported { return }
        for statement in tree.body.statements {
            guard case .declaration(let declaration) = statement.kind, !declaration.isVariable,
                let facts = facts[declaration.pattern.factName], !facts.isFunction
            else { continue }
            if let (effect, place) = facts.effect {
                report(.effectInImport(effect, through: nil), place.range)
            } else if let (use, effect, place) = firstEffect(through: facts.uses) {
                let note = Diagnostic.Note("it does so here", at: place)
                report(.effectInImport(effect, through: use.name), use.range, notes: [note])
            }
        }
    }

    /// `let f = fn…`, `let tag = docker.tag` and `let table = {go: f}` run nothing.
    func isFunctionItself(_ value: Expression) -> Bool {
        func isNamed(_ part: Expression) -> Bool { CheckedType(literal: part) != nil || isFunctionItself(part) }
        switch value.kind {
        case .closure: return true
        case .list(let items): return items.allSatisfy(isNamed)
        case .map(let entries): return entries.allSatisfy { isNamed($0.value) }
        default: break
        }
        guard let dotted = DottedName(value) else { return false }
        guard let (builtin, consumed) = catalog.builtin(forPath: dotted.path) else { return true }
        return consumed == dotted.parts.count && builtin.signature.form == .function
    }

    private func firstEffect(through uses: [EffectFacts.Use]) -> (EffectFacts.Use, String, SourceLocation)? {
        for use in uses {
            var seen: Set<String> = []
            var open = [(use.module, use.name)]
            while let (owner, name) = open.popLast() {
                guard seen.insert("\(owner) \(name)").inserted else { continue }
                let known = owner == module ? facts[name] : interfaces[owner].facts[name]
                // A `let` is reported where it stands.
                guard let known, known.isFunction else { continue }
                if let (effect, place) = known.effect { return (use, effect, place) }
                for next in known.uses { open.append((next.module, next.name)) }
            }
        }
        return nil
    }
}

extension Declaration.Pattern {
    /// The name that facts about the declaration stand under.
    var factName: String { declaredNames.first?.text ?? "_" }
}
