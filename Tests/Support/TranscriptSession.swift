package import Builtins
package import Lang

/// What inputs entered one after the other show.
///
/// All inputs so far are one program. For each further one it is run again from the start, in a fresh world, and what is
/// new in its output belongs to the input. An input that fails leaves no trace: the next goes on from before it.
///
/// Shown are, in this order: what `print` and the commands wrote; then, if the input ends in an expression that is not
/// null, its value as a literal; or what was wrong, as `error: message [id] at line:column`, both counted from the start
/// of the input it stands in (`at 1:5 of input 2` where that is an earlier one).
package struct TranscriptSession {
    private let catalog: Catalog
    private let makeWorld: @Sendable (TranscriptConsole) -> World
    private var inputs: [String] = []
    private var shown = 0

    package init(catalog: Catalog, makeWorld: @escaping @Sendable (TranscriptConsole) -> World) {
        self.catalog = catalog
        self.makeWorld = makeWorld
    }

    package mutating func enter(_ input: String) async -> [String] {
        let all = inputs + [input]
        let program = SourceFile(name: "transcript", text: all.joined(separator: "\n"))
        let console = TranscriptConsole()
        let ending = await KnownSecrets.$current.withValue(KnownSecrets()) { [catalog, makeWorld] in
            await TranscriptSession.run(program, catalog, makeWorld(console), console, inputs: all)
        }
        let output = console.lines
        let new = output.dropFirst(shown).map { $0.isEmpty ? Transcript.emptyLine : $0 }
        switch ending {
        case .value(let literal):
            inputs.append(input)
            shown = output.count
            return new + (literal?.split(separator: "\n").map(String.init) ?? [])
        case .findings(let findings): return findings
        case .error(let error): return new + [error]
        }
    }

    /// How a run ended, already as text: values stay on the machine's side.
    private enum Ending: Sendable {
        case value(String?)
        case findings([String])
        case error(String)
    }

    @Evaluation
    private static func run(
        _ file: SourceFile, _ catalog: Catalog, _ world: World, _ console: TranscriptConsole, inputs: [String]
    ) async -> Ending {
        func place(_ location: SourceLocation?) -> String {
            guard let location else { return "" }
            guard location.file === file else { return " at \(location.description)" }
            let position = file.position(of: location.range.start)
            var line = position.line
            var index = 0
            while index < inputs.count - 1, line > lineCount(inputs[index]) {
                line -= lineCount(inputs[index])
                index += 1
            }
            return " at \(line):\(position.column)" + (index == inputs.count - 1 ? "" : " of input \(index + 1)")
        }

        let loader = ModuleLoader(catalog: catalog, checksTypes: false) { path throws(ImportFailure) in
            throw ImportFailure("a transcript has no files to import, but imports \(path)")
        }
        let (resolved, findings) = loader.load(entry: file)
        let (program, tooLarge) = Compiler(program: resolved, catalog: catalog).compile()
        let all = findings + tooLarge
        // Warnings belong to the end of a program, which a session never comes to.
        let errors = all.filter { $0.severity == .error }
        if !errors.isEmpty {
            return .findings(
                errors.map { "error: \($0.message.text) [\($0.message.id)]" + place($0.location) })
        }
        let interpreter = Interpreter(program: program, world: world, observer: console, options: StressMode.options)
        do throws(RuntimeError) {
            let value = try await interpreter.runStatements()
            guard let last = resolved.entry?.tree.body.statements.last, case .expression = last.kind,
                file.position(of: last.range.start).line > inputs.dropLast().reduce(0, { $0 + lineCount($1) }),
                !value.isNull
            else { return .value(nil) }
            return .value(value.literal)
        } catch {
            return .error("error: \(error.message) [\(error.id)]" + place(error.location))
        }
    }

    private static func lineCount(_ text: String) -> Int { text.utf8.count { $0 == UInt8(ascii: "\n") } + 1 }
}
