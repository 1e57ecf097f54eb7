/// Everything a program can name without having declared it.
package struct Catalog: Sendable {
    /// By dotted name: `print`, `docker.tag`, `project.name`, `Version`.
    package private(set) var functions: [String: Builtin] = [:]
    /// `docker`, `project`, `project.registries`: every prefix of a dotted name.
    package private(set) var namespaces: Set<String> = []
    /// Methods and properties: type name, then member.
    package private(set) var members: [String: [String: Builtin]] = [:]
    /// The names of all methods that change their receiver, whatever its type.
    package private(set) var mutatingNames: Set<String> = []

    package init(_ builtins: [Builtin]) {
        for builtin in builtins { add(builtin) }
    }

    private mutating func add(_ builtin: Builtin) {
        let name = builtin.name
        switch builtin.signature.form {
        case .function, .constant:
            functions[name] = builtin
            var prefix = Substring(name)
            while let dot = prefix.lastIndex(of: ".") {
                prefix = prefix[..<dot]
                namespaces.insert(String(prefix))
            }
        case .method, .mutatingMethod, .property:
            guard let dot = name.firstIndex(of: ".") else { return }
            let member = String(name[name.index(after: dot)...])
            members[String(name[..<dot]), default: [:]][member] = builtin
            if builtin.signature.form == .mutatingMethod { mutatingNames.insert(member) }
        }
    }

    /// All builtins, sorted by name.
    package var all: [Builtin] {
        (Array(functions.values) + members.values.flatMap(\.values)).sorted { $0.name < $1.name }
    }

    /// What `namespace.` can be followed by.
    package func names(in namespace: String) -> [String] {
        functions.keys.filter { $0.hasPrefix(namespace + ".") }.map { String($0.dropFirst(namespace.count + 1)) }
    }
}
