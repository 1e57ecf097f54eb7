import Synchronization

/// Builtins that are declared together, made when one of them is first asked for.
package final class CatalogSection: Sendable {
    /// Builtins by what a program can ask for.
    struct Contents: Sendable {
        /// By dotted name: `print`, `docker.tag`, `project.name`, `Version`.
        var functions: [String: Builtin] = [:]
        /// `docker`, `project`, `project.registries`: every prefix of a dotted name.
        var namespaces: Set<String> = []
        /// Methods and properties: type name, then member.
        var members: [String: [String: Builtin]] = [:]
    }

    /// The first words of all names in it: `docker` for `docker.tag`, `Str` for `Str.trim`, `print`.
    package let roots: [String]
    /// The names of its methods that change their receiver, which are asked for in every program.
    package let mutatingNames: [String]
    private let builtins: @Sendable () -> [Builtin]
    private let made = Mutex<Contents?>(nil)

    /// - Parameters:
    ///   - roots, mutating: must be those of `builtins`; what they leave out cannot be found.
    ///   - builtins: called once.
    package init(_ roots: [String], mutating: [String] = [], builtins: @escaping @Sendable () -> [Builtin]) {
        self.roots = roots
        mutatingNames = mutating
        self.builtins = builtins
    }

    /// With the roots of what is there already.
    package convenience init(of builtins: [Builtin]) {
        self.init(
            Self.roots(of: builtins), mutating: Self.mutatingNames(of: builtins), builtins: { builtins })
    }

    var contents: Contents {
        made.withLock { made in
            if let made { return made }
            let contents = Self.contents(builtins())
            made = contents
            return contents
        }
    }

    private static func contents(_ builtins: [Builtin]) -> Contents {
        var contents = Contents()
        for builtin in builtins {
            let name = builtin.name
            switch builtin.signature.form {
            case .function, .constant:
                contents.functions[name] = builtin
                var prefix = Substring(name)
                while let dot = prefix.lastIndex(of: ".") {
                    prefix = prefix[..<dot]
                    contents.namespaces.insert(String(prefix))
                }
            case .method, .mutatingMethod, .property:
                guard let dot = name.firstIndex(of: ".") else { continue }
                let member = String(name[name.index(after: dot)...])
                contents.members[String(name[..<dot]), default: [:]][member] = builtin
            }
        }
        return contents
    }

    /// The first words of the names of `builtins`, sorted.
    package static func roots(of builtins: [Builtin]) -> [String] {
        Set(builtins.map { String($0.name.prefix { $0 != "." }) }).sorted()
    }

    /// The names of the methods among `builtins` that change their receiver, sorted.
    package static func mutatingNames(of builtins: [Builtin]) -> [String] {
        Set(
            builtins.filter { $0.signature.form == .mutatingMethod }
                .map { String($0.name.drop { $0 != "." }.dropFirst()) }
        ).sorted()
    }
}
