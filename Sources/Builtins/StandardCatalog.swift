package import Lang

/// The one list of everything a recipe can call.
package enum StandardCatalog {
    package static let catalog = Catalog(all)

    static let all: [Builtin] =
        CoreBuiltins.all + EnvBuiltins.all + FileBuiltins.all + PathBuiltins.all + TimeBuiltins.all
        + ConsoleBuiltins.all + ProcessBuiltins.all + ProjectBuiltins.all + TOMLBuiltins.all + DockerBuiltins.all
        + RegistryBuiltins.all + CopyBuiltins.all + GitBuiltins.all + ChangelogBuiltins.all + TestRunBuiltins.all
}
