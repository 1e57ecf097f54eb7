package import Lang

/// What was typed at a prompt up to a run, as the ledger keeps it among the run's sources: an `undo` block may use the names of all
/// inputs before its own. Made again, they are compiled one after the other, as they were, so that each name has its place again.
package struct PromptInputs: Sendable {
    private struct Input {
        let name: String
        /// Of the file that it was loaded from.
        let path: String
        /// Nil where it may hold a secret: then it is not kept.
        let text: String?
        let lost: Set<String>
    }

    /// Stands for a path among the sources.
    private static let index = "(inputs of the prompt)"

    private let inputs: [Input]
    private let files: [RunStart.Source]

    // MARK: In the ledger

    /// - Parameter mayBeKept: whether an input holds no secret.
    /// - Returns: nil where the newest input alone will do, as nothing has an `undo` block.
    package static func sources(
        _ parts: [PromptNames.Part], mayBeKept: (String) -> Bool
    ) -> [RunStart.Source]? {
        let undo = Array("undo".utf8)
        guard parts.contains(where: { $0.file.bytes.contains(undo) }) else { return nil }
        var sources: [RunStart.Source] = []
        var index: [Value] = []
        for part in parts {
            let text = String(decoding: part.file.bytes, as: UTF8.self)
            let isKept = !part.isInput || mayBeKept(text)
            // A file may be loaded twice, and differ.
            let key = part.isInput ? "(input \(index.count + 1))" : part.file.path
            if isKept { sources.append(RunStart.Source(path: key, name: part.file.name, text: text)) }
            guard part.isInput else { continue }
            index.append(
                .list([
                    .string(key), .string(part.file.name), .string(part.file.path),
                    .list(part.lost.map { .string($0) }),
                ]))
        }
        guard let text = try? StoredValue.text(of: .list(index)) else { return nil }
        return sources + [RunStart.Source(path: Self.index, name: Self.index, text: text)]
    }

    /// Nil where these are no inputs of a prompt.
    init?(_ sources: [RunStart.Source]) {
        guard let text = sources.first(where: { $0.path == Self.index })?.text,
            let entries = try? StoredValue.value(of: text).asList
        else { return nil }
        var inputs: [Input] = []
        for entry in entries {
            guard let fields = entry.asList, fields.count == 4, let key = fields[0].asString,
                let name = fields[1].asString, let path = fields[2].asString, let lost = fields[3].asList
            else { return nil }
            let text = sources.first { $0.path == key }?.text
            inputs.append(Input(name: name, path: path, text: text, lost: Set(lost.compactMap(\.asString))))
        }
        self.inputs = inputs
        files = sources
    }

    // MARK: Making them again

    /// The program of the last of them, with the functions of all.
    @Evaluation
    func program(_ catalog: Catalog) throws(RuntimeError) -> Program {
        let files = files
        let loader = ModuleLoader(catalog: catalog) { path throws(ImportFailure) in
            guard let source = files.first(where: { $0.path == path }) else {
                throw ImportFailure("the ledger does not have it")
            }
            return SourceFile(name: source.name, path: source.path, text: source.text)
        }
        var names = PromptNames(catalog: catalog)
        var compiler = Compiler(program: names.program, catalog: catalog)
        var program = compiler.compile().program
        compiler.declarePrompted("_")
        for input in inputs {
            guard let text = input.text else {
                throw RuntimeError(
                    .world,
                    .undoNotKept(
                        "\(input.name), which was typed before it, may hold a secret and was not kept", at: nil))
            }
            let file = SourceFile(name: input.name, path: input.path, text: text)
            let (next, found) = names.adding(file, loader)
            if let error = found.first(where: { $0.severity == .error }) {
                throw RuntimeError(.world, .undoNotCompiled("\(input.name): \(error.message.text)"))
            }
            names = next
            let following = Compiler(program: names.program, following: compiler, program)
            program = following.compile().program
            compiler = following
            for name in names.settle(without: input.lost) { compiler.restorePrompted(name) }
            names.declare("_", .missing)
        }
        return program
    }
}
