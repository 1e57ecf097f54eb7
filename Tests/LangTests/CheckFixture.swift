import Lang

/// A small catalog and a reader of files from memory, for the tests of the resolver.
enum CheckFixture {
    static let catalog = Catalog([
        function("print", isVariadic: true),
        function("type_of", [required("value")]),
        function("Version", [required("text")]),
        function("Str", [required("value")]),
        function("run", [required("words"), optional("check"), optional("cwd")], effect: .changes),
        function("docker.tag", [required("source"), required("target")], effect: .changes),
        function("docker.push", [required("image"), optional("registry"), optional("quiet")], effect: .changes),
        function("docker.inspect", [required("image")], effect: .reads),
        function("git.log.last", [], effect: .reads),
        function("project.registries.all", [], effect: .reads),
        builtin("project.name", .constant),
        builtin("project.commit", .constant, effect: .reads),
        builtin("Str.trim", .method),
        builtin("List.append", .mutatingMethod, [required("item")]),
    ])

    static func required(_ name: String) -> ParameterSignature {
        ParameterSignature(name: name, summary: "", type: .any, defaultText: nil)
    }

    static func optional(_ name: String) -> ParameterSignature {
        ParameterSignature(name: name, summary: "", type: .any, defaultText: "null")
    }

    static func function(
        _ name: String, _ parameters: [ParameterSignature] = [], effect: Effect = .pure, isVariadic: Bool = false
    ) -> Builtin {
        builtin(name, .function, parameters, effect: effect, isVariadic: isVariadic)
    }

    static func builtin(
        _ name: String, _ form: Signature.Form, _ parameters: [ParameterSignature] = [], effect: Effect = .pure,
        isVariadic: Bool = false
    ) -> Builtin {
        Builtin(
            Signature(
                name: name, form: form, effect: effect, summary: "", parameters: parameters, isVariadic: isVariadic,
                result: .any, example: ""),
            .pure { _ in .null })
    }

    /// Loads `main.rel`, with other files by their paths.
    static func load(
        _ text: String, _ files: [String: String] = [:], path: String = "main.rel", root: String? = nil
    ) -> (program: ResolvedProgram, diagnostics: [Diagnostic]) {
        let loader = ModuleLoader(catalog: catalog, projectRoot: root, checksTypes: false) {
            path throws(ImportFailure) in
            guard let text = files[path] else { throw ImportFailure("there is no such file") }
            return SourceFile(name: path, path: path, text: text)
        }
        return loader.load(entry: SourceFile(name: path, path: path, text: text))
    }

    /// What is found, as `id text`, the text being what the caret stands under, shortened to its first line.
    static func findings(_ text: String, _ files: [String: String] = [:]) -> [String] {
        load(text, files).diagnostics.map { diagnostic in
            let text = diagnostic.location.file.text(diagnostic.location.range)
            return diagnostic.message.id + ": " + text.prefix { $0 != "\n" }
        }
    }
}
