/// A name followed by plain members, as written: `project.registries.all`. What the resolver and the compiler both ask
/// before they take a member for a member.
package struct DottedName: Sendable {
    package let parts: [Name]

    /// Nil where the expression does not begin with a name, or reaches a member by `?.`.
    package init?(_ expression: Expression) {
        var reversed: [Name] = []
        var rest = expression
        while true {
            switch rest.kind {
            case .name(let text):
                reversed.append(Name(text, rest.range))
                parts = reversed.reversed()
                return
            case .member(let base, let name, optional: false):
                reversed.append(name)
                rest = base
            default: return nil
            }
        }
    }

    package var path: [String] { parts.map(\.text) }
}

extension Catalog {
    /// The builtin that a dotted name means, and how many of its parts name it; what follows are members of its value.
    /// The longest prefix wins.
    package func builtin(forPath path: [String]) -> (builtin: Builtin, consumed: Int)? {
        var found: (builtin: Builtin, consumed: Int)?
        var name = ""
        for (index, part) in path.enumerated() {
            name = index == 0 ? part : name + "." + part
            if let builtin = function(name) { found = (builtin, index + 1) }
            if !isNamespace(name) { break }
        }
        return found
    }

    /// The longest prefix of a dotted name that is a namespace, in parts.
    func namespaceLength(ofPath path: [String]) -> Int {
        var name = ""
        for (index, part) in path.enumerated() {
            name = index == 0 ? part : name + "." + part
            if !isNamespace(name) { return index }
        }
        return path.count
    }

    /// True where a program may not declare `name`: a namespace or a type has it. The name of a plain function such as
    /// `run` may be taken, or each new builtin would break somebody's recipe.
    func protects(_ name: String) -> Bool { isNamespace(name) || ValueType.named(name) != nil }

    /// True where `name` means something without being declared: a builtin, a namespace or a type.
    package func reserves(_ name: String) -> Bool {
        function(name) != nil || isNamespace(name) || ValueType.named(name) != nil
    }
}
