import Lang

/// The `undo` block of a finished step as data: where it stands in the program, and the values it uses. With the sources of the
/// run, which the ledger has too, another process can call it.
package struct StoredUndo: Sendable {
    /// When the step had ended, among the effects of the run.
    package let sequence: Int
    fileprivate let file: String
    fileprivate let start: Int
    /// A list as it is stored: what it has captured, then the file-level values it uses.
    fileprivate let values: String?
    /// Why another process cannot call it: what of it cannot be kept.
    package let refusal: String?

    /// - Parameter function: as the step has made it.
    init(_ function: FunctionObject, in program: Program, sequence: Int) {
        self.sequence = sequence
        (file, start) = function.place
        let captured = function.captured
        let globals = program.globals(usedBy: function).sorted { $0.key < $1.key }
        for value in captured + globals.map(\.value) {
            guard let refusal = Self.refusal(of: value.value) else { continue }
            self.refusal = "it uses `\(value.name)`, which is \(refusal)"
            values = nil
            return
        }
        let list = [
            Value.list(captured.map(\.value)),
            .list(globals.map { .list([.int($0.key), .string($0.value.name), $0.value.value]) }),
        ]
        values = try? StoredValue.text(of: .list(list), secrets: .asSources)
        refusal = values == nil ? "it uses more than the ledger keeps" : nil
    }

    /// What it is that cannot be kept; nil where it can be.
    private static func refusal(of value: Value) -> String? {
        do throws(StoredValue.Refusal) {
            let text = try StoredValue.text(of: value, secrets: .asSources)
            if !LedgerMask.isClean(text) { return "a text with a secret in it" }
            return StoredValue.secretSources(in: value).first { variable($0) == nil }.map { "a secret from \($0)" }
        } catch {
            return switch error {
            case .function: "a function"
            case .secret: "a secret"
            case .size: "too large"
            }
        }
    }

    /// Of a secret that comes from the environment, where it can be had again.
    private static func variable(_ source: String) -> String? {
        source.hasPrefix("env ") && !source.contains(",") ? String(source.dropFirst(4)) : nil
    }

    // MARK: In the ledger

    var text: String {
        let fields = OrderedMap<Value>([
            ("sequence", .int(sequence)), ("file", .string(file)), ("start", .int(start)),
            ("values", values.value), ("refusal", refusal.value),
        ])
        return LedgerMask.hide(in: PlanFields.text(of: .map(fields)) ?? "{}")
    }

    init?(text: String?) {
        guard let text, let fields = PlanFields.parsed(text).asMap, case .int(let sequence)? = fields["sequence"],
            let file = fields["file"]?.asString, case .int(let start)? = fields["start"]
        else { return nil }
        (self.sequence, self.file, self.start) = (sequence, file, start)
        values = fields["values"]?.asString
        refusal = fields["refusal"]?.asString
    }

    /// Where it stands in the sources of its run.
    func location(in sources: [RunStart.Source]) -> SourceLocation? {
        guard let source = sources.first(where: { $0.path == file || $0.name == file }), start < source.text.utf8.count
        else { return nil }
        let text = SourceFile(name: source.name, text: source.text)
        return SourceLocation(file: text, range: SourceRange(start, start))
    }

    // MARK: Making it again

    /// The block in a program of the same sources.
    ///
    /// - Parameter restoring: whether file-level values are set, too: in a program whose statements have not run.
    /// - Throws: where it could not be kept, or a secret is not there any more.
    @Evaluation
    func function(
        in program: Program, environment: [String: String], restoring: Bool
    ) throws(RuntimeError) -> FunctionObject {
        if let refusal { throw RuntimeError(.world, .undoNotKept(refusal, at: nil)) }
        var missing: String?
        let stored = try? StoredValue.value(of: values ?? "") { source in
            guard let name = Self.variable(source), let text = environment[name], !text.isEmpty else {
                missing = source
                return nil
            }
            return Secret(text, source: source)
        }
        if let missing { throw RuntimeError(.world, .undoSecretMissing(missing)) }
        guard let lists = stored?.asList, lists.count == 2, let captured = lists[0].asList,
            let globals = lists[1].asList,
            let function = program.undo(in: file, at: start, captured: captured)
        else { throw RuntimeError(.world, .undoNotFound(file)) }
        guard restoring else { return function }
        for global in globals {
            guard let parts = global.asList, parts.count == 3, case .int(let slot) = parts[0],
                let name = parts[1].asString, program.setGlobal(slot, UndoValue(name: name, value: parts[2]))
            else { throw RuntimeError(.world, .undoNotFound(file)) }
        }
        return function
    }
}
