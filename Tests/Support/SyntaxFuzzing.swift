import Builtins
import Lang

/// What must hold for any bytes that are read as a program, without running it: nothing traps, every finding has a place
/// inside the text, what is accepted compiles, and the formatter keeps its promises.
package enum SyntaxFuzzing {
    /// What is wrong, in words; nil if nothing is.
    package static func problem(_ bytes: [UInt8]) -> String? {
        let file = SourceFile(name: "fuzz.rel", path: "fuzz.rel", bytes: bytes)
        let loader = ModuleLoader(catalog: StandardCatalog.catalog, checksTypes: true) { path throws(ImportFailure) in
            guard let text = StandardRecipes.files[String(path.dropFirst("std/".count))] else {
                throw ImportFailure("there is no such file")
            }
            return SourceFile(name: path, path: path, text: text)
        }
        let (program, findings) = loader.load(entry: file)
        let printer = DiagnosticPrinter(colour: false)
        for finding in findings {
            let range = finding.location.range
            if range.start < 0 || range.end < range.start || range.end > finding.location.file.bytes.count {
                return "\(finding.message.id) stands at \(range.start)..<\(range.end), outside the text"
            }
            if printer.text(finding).isEmpty { return "\(finding.message.id) shows nothing" }
        }
        if !findings.contains(where: { $0.severity == .error }) {
            for planning in [false, true] {
                _ = Compiler(program: program, catalog: StandardCatalog.catalog, planning: planning).compile()
            }
        }
        return FormatCheck.problem(String(decoding: bytes, as: UTF8.self))
    }
}
