/// Everything a program can name without having declared it.
///
/// A catalog is made of sections, each of which is made when something in it is first asked for: declaring all builtins takes
/// longer than running a small program.
package struct Catalog: Sendable {
    private let sections: [CatalogSection]
    /// By the first word of a name. Positions in `sections`.
    private let sectionsByRoot: [String: [Int]]
    /// The names of all methods that change their receiver, whatever its type.
    package let mutatingNames: Set<String>

    package init(sections: [CatalogSection]) {
        self.sections = sections
        var byRoot: [String: [Int]] = [:]
        for (position, section) in sections.enumerated() {
            for root in section.roots { byRoot[root, default: []].append(position) }
        }
        sectionsByRoot = byRoot
        mutatingNames = Set(sections.flatMap(\.mutatingNames))
    }

    /// A catalog of one section, for builtins that are there already.
    package init(_ builtins: [Builtin]) { self.init(sections: [CatalogSection(of: builtins)]) }

    // MARK: One name

    /// By dotted name: `print`, `docker.tag`, `project.name`, `Version`.
    package func function(_ name: String) -> Builtin? { first(root(of: name)) { $0.functions[name] } }

    /// True for every prefix of a dotted name: `docker`, `project`, `project.registries`.
    package func isNamespace(_ name: String) -> Bool {
        first(root(of: name)) { $0.namespaces.contains(name) ? true : nil } ?? false
    }

    /// Methods and properties of a type, by name; nil for a type that has none.
    package func members(of type: String) -> [String: Builtin]? { first(type) { $0.members[type] } }

    package func member(_ name: String, of type: String) -> Builtin? { first(type) { $0.members[type]?[name] } }

    private func root(of name: String) -> String {
        name.utf8.firstIndex(of: UInt8(ascii: ".")).map { String(name[..<$0]) } ?? name
    }

    private func first<T>(_ root: String, _ look: (CatalogSection.Contents) -> T?) -> T? {
        for position in sectionsByRoot[root] ?? [] {
            if let found = look(sections[position].contents) { return found }
        }
        return nil
    }

    // MARK: All names, which makes all sections

    /// All builtins, sorted by name.
    package var all: [Builtin] {
        sections.flatMap { section in
            Array(section.contents.functions.values) + section.contents.members.values.flatMap(\.values)
        }.sorted { $0.name < $1.name }
    }

    package var namespaces: Set<String> { sections.reduce(into: []) { $0.formUnion($1.contents.namespaces) } }

    /// What `namespace.` can be followed by.
    package func names(in namespace: String) -> [String] {
        let prefix = namespace + "."
        return (sectionsByRoot[root(of: namespace)] ?? []).flatMap { position in
            sections[position].contents.functions.keys.filter { $0.hasPrefix(prefix) }
        }.map { String($0.dropFirst(prefix.count)) }
    }

    /// What a program can begin a name with.
    var rootNames: [String] {
        sections.flatMap { section in
            (Array(section.contents.functions.keys) + section.contents.namespaces).filter { !$0.contains(".") }
        }
    }

    /// The types that have a method of this name, sorted.
    func owners(ofMethod name: String) -> [String] {
        sections.flatMap { section in
            section.contents.members.filter { $0.value[name]?.signature.form == .method }.keys
        }.sorted()
    }
}
