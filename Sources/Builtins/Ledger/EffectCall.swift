import Lang

/// An effect as the ledger knows it, before it is made.
struct EffectCall: Sendable {
    let identity: String
    /// The identity of the step it belongs to.
    let step: String?
    let name: String
    let kind: Effect
    /// As it stands in a recipe, for a person to read.
    let shown: String
    /// What it was given, to be compared when a run is resumed; nil where a function is among it.
    let arguments: String?
    let repetition: Repetition

    init(_ builtin: Builtin, _ given: [Value], kind: Effect, shown: String, _ identity: Identity, step: String?) {
        self.identity = identity.path
        self.step = step
        name = builtin.name
        self.kind = kind
        self.shown = LedgerMask.hide(in: shown).limited(to: Self.longest)
        arguments = Self.comparable((try? StoredValue.text(of: .list(given), secrets: .asSources)) ?? nil)
        repetition = builtin.signature.repetition
    }

    init(_ request: CommandRequest, line: String, changes: Bool, _ identity: Identity, step: String?) {
        self.identity = identity.path
        self.step = step
        name = request.captures ? "$(…)" : "$"
        kind = changes ? .changes : .reads
        shown = LedgerMask.hide(in: request.captures ? "$(\(line))" : "$ \(line)").limited(to: Self.longest)
        arguments = Self.comparable(line)
        repetition = .asked
    }

    /// - Parameter position: among the changes that one `relsh undo` takes back.
    init(takingBack change: RecordedInverse, of run: Int, _ position: Int) {
        identity = "/undo/\(position)"
        step = nil
        name = "undo"
        kind = .changes
        shown = "take back \(change.inverse.title), of run #\(run)"
        // Whoever asks later who has put it back.
        arguments = change.inverse.subject.stored
        repetition = .again
    }

    /// Whether it may change files of the project, or what is checked out.
    var mayTouchFiles: Bool { kind == .changes && Self.mayTouchFiles(name, identity) }

    /// Of what an `undo` block changes nothing is kept for taking it back, so that nothing else tells what it was.
    static func mayTouchFiles(_ name: String, _ identity: String) -> Bool {
        unknown.contains(name) || identity.contains("/undo/")
    }

    /// What runs programs of whatever kind, or changes more than an inverse of its own tells.
    private static let unknown: Set<String> = [
        "$", "$(…)", "run", "sh", "docker.run", "docker.exec", "tests.run", "files.remove",
    ]

    private static let longest = 16 << 10

    /// Long arguments are told apart by their digest.
    private static func comparable(_ text: String?) -> String? {
        guard let hidden = text.map(LedgerMask.hide) else { return nil }
        if hidden.utf8.count <= longest { return hidden }
        return ContentHash.digest(of: Array(hidden.utf8)).description
    }
}

extension String {
    /// Its beginning, with `…` where that is not all of it.
    func limited(to bytes: Int) -> String {
        utf8.count <= bytes ? self : String(decoding: utf8.prefix(bytes), as: UTF8.self) + "…"
    }
}
