package import Lang

/// What the language has without Docker, git or a project: all of it pure.
package enum CoreBuiltins {
    package static let all: [Builtin] =
        StringBuiltins.all + ListBuiltins.all + MapBuiltins.all + NumberBuiltins.all + ConversionBuiltins.all
        + DomainBuiltins.all + JSONBuiltins.all
}
