import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What a program can change. Its imports are the other `files`, by path; the project is that of `projectText`.
func explained(
    _ text: String, recipe: String? = nil, given: @escaping @Sendable () -> [String: Value] = { [:] },
    files: [String: String] = [:], hasProject: Bool = true
) async throws -> ChangeReport {
    let loader = ModuleLoader(catalog: StandardCatalog.catalog) { path throws(ImportFailure) in
        guard let text = files[path] else { throw ImportFailure("this test has no file \(path)") }
        return SourceFile(name: path, path: path, text: text)
    }
    let (program, findings) = loader.load(entry: SourceFile(name: "test.rel", path: "test.rel", text: text))
    let errors = findings.filter { $0.severity == .error }.map(\.message.text)
    try #require(errors.isEmpty, "\(errors)")
    let contents = FakeFiles(hasProject ? ["relsh.toml": projectText] : [:])
    let project = LiveProject(files: contents, workingDirectory: "/work", environment: [:])
    let info = program.entry?.recipes.first { $0.name == recipe }
    try #require(recipe == nil || info != nil)
    return await Explainer.explain(
        program, recipe: info, given: given, catalog: StandardCatalog.catalog,
        world: .closed(project: project, environment: ["USER": "me"]))
}

extension ChangeReport.Change {
    /// `docker.rmi image=app:1 [if a, unless b]`
    var line: String {
        let arguments = arguments.map { " \($0.name)=\($0.text)" }.joined()
        return name + arguments + (conditions.isEmpty ? "" : " [\(conditions.joined(separator: ", "))]")
    }
}

extension ChangeReport {
    var lines: [String] { changes.map(\.line) }
    /// `automatic: …`, of the first change.
    var remarks: [String] {
        (changes.first?.remarks ?? []).map { remark in
            let parts = [remark.subject, remark.command ?? "", remark.text].filter { !$0.isEmpty }
            return "\(remark.kind.rawValue): \(parts.joined(separator: "; "))"
        }
    }
}
