import Builtins
import Lang

/// `relsh doc [NAME]`: what a recipe can call, as the catalog has it.
struct DocCommand {
    let catalog: Catalog
    let width: Int
    private var layout: TextLayout { TextLayout(width: width) }

    func text(_ name: String?, asMarkdown: Bool) throws(UsageError) -> String {
        if asMarkdown { return ReferencePage(catalog).text() }
        guard let name else { return overview() }
        return try describe(name)
    }

    /// All namespaces and types, with what each holds.
    func overview() -> String {
        let reference = Reference(catalog)
        func list(_ groups: [Reference.Group]) -> String {
            layout.columns(groups.map { ($0.title, $0.entries.map(\.shortName).joined(separator: ", ")) })
        }
        let functions = reference.functions.map { ($0.name, $0.signature.summary) }
        return [
            "Functions:\n" + layout.columns(functions), "Namespaces:\n" + list(reference.namespaces),
            "Types:\n" + list(reference.types),
            "`relsh doc NAME` shows one of them: `relsh doc print`, `relsh doc docker`, `relsh doc Str.trim`.\n",
        ].joined(separator: "\n")
    }

    /// A function, a member, a namespace or a type.
    func describe(_ name: String) throws(UsageError) -> String {
        let reference = Reference(catalog)
        var sections: [String] = []
        if let builtin = reference.builtin(name) { sections.append(describe(builtin)) }
        if let group = reference.group(name), !group.entries.isEmpty {
            let rows = group.entries.map { ($0.name, $0.signature.summary) }
            sections.append((sections.isEmpty ? "" : "Members:\n") + layout.columns(rows))
        } else if sections.isEmpty, reference.group(name) != nil {
            sections.append("\(name) is a type without members.\n")
        }
        if sections.isEmpty { throw UsageError(.nothingToDescribe(name, suggestion: reference.suggestion(for: name))) }
        return sections.joined(separator: "\n")
    }

    private func describe(_ builtin: Builtin) -> String {
        let signature = builtin.signature
        var sections = [signature.heading + "\n", layout.paragraphs(signature.summary)]
        if !signature.parameters.isEmpty {
            let rows = signature.parameters.map { parameter in
                (
                    "\(parameter.name): \(parameter.type.description)",
                    parameter.summary + (parameter.defaultText.map { " [\($0)]" } ?? " (required)")
                )
            }
            sections.append("Parameters:\n" + layout.columns(rows))
        }
        sections.append(layout.paragraphs(signature.promise))
        if !signature.reversals.isEmpty {
            let lines = signature.reversals.map { layout.paragraphs($0.description.capitalisedFirst, indent: 2) }
            sections.append("Taking it back:\n" + lines.joined())
        }
        if signature.effect == .changes {
            sections.append(layout.paragraphs("Where a run died in it: \(signature.repetition.description)."))
        }
        let example = signature.example.split(separator: "\n", omittingEmptySubsequences: false)
        sections.append("Example:\n" + example.map { $0.isEmpty ? "\n" : "  \($0)\n" }.joined())
        return sections.joined(separator: "\n")
    }
}

/// The catalog in the order in which people look things up. Everything here follows from the declarations.
struct Reference {
    /// A namespace or a type, with what can stand behind its point.
    struct Group {
        let title: String
        let entries: [Builtin]
    }

    private let catalog: Catalog
    /// Functions that belong to no namespace, without the types, which are their own constructors.
    let functions: [Builtin]
    let namespaces: [Group]
    let types: [Group]

    init(_ catalog: Catalog) {
        self.catalog = catalog
        let all = catalog.all.filter(\.isPublic)
        functions = all.filter { builtin in
            builtin.signature.form == .function && !builtin.name.contains(".") && ValueType.named(builtin.name) == nil
        }
        namespaces = catalog.namespaces.sorted().map { namespace in
            Group(title: namespace, entries: all.filter { Reference.namespace(of: $0) == namespace })
        }
        types = ValueType.named.map { type in
            let members = catalog.members(of: type.name)?.values.filter(\.isPublic) ?? []
            return Group(title: type.name, entries: members.sorted { $0.name < $1.name })
        }
    }

    /// `project.registries` of `project.registries.all`.
    private static func namespace(of builtin: Builtin) -> String? {
        builtin.name.lastIndex(of: ".").map { String(builtin.name[..<$0]) }
    }

    func builtin(_ name: String) -> Builtin? {
        catalog.all.first { $0.name == name && $0.isPublic }
    }

    func group(_ name: String) -> Group? { (namespaces + types).first { $0.title == name } }

    /// What was probably meant: another name, or the full name of a member.
    func suggestion(for name: String) -> String? {
        let names = allNames
        if let full = names.first(where: { $0.hasSuffix("." + name) }) { return full }
        return Lang.suggestion(for: name, among: names)
    }

    /// Whatever there is a description of.
    var allNames: [String] { catalog.all.filter(\.isPublic).map(\.name) + (namespaces + types).map(\.title) }
}

extension Builtin {
    /// `trim` of `Str.trim`.
    var shortName: String { name.split(separator: ".").last.map(String.init) ?? name }

    /// `__sorted` and its like are what other builtins are made of.
    fileprivate var isPublic: Bool { !shortName.hasPrefix("_") }
}

extension String {
    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension Signature {
    /// The signature as it is read: `docker.tag(source: Image, target: Image)`, `project.name: Str`.
    var heading: String {
        switch form {
        case .constant, .property: "\(name): \(result.description)"
        case .function, .method, .mutatingMethod: description
        }
    }

    /// What a caller can rely on.
    var promise: String {
        switch (form, effect) {
        case (.mutatingMethod, _): "Changes the value it is called on, which must be a `var` or a part of one."
        case (_, .pure): "Pure: depends on its arguments alone."
        case (_, .reads): "Reads: looks and changes nothing; a dry run does the same."
        case (_, .changes): "Changes something; a dry run shows what it would do and does not do it."
        }
    }
}
