package import Lang

/// The one list of everything a recipe can call.
///
/// Each section names the first words of what it declares, so that a program makes only the sections it uses; a test
/// compares the words with the declarations.
package enum StandardCatalog {
    package static let catalog = Catalog(sections: sections)

    static let sections: [CatalogSection] = [
        CatalogSection(["Str"]) { StringBuiltins.all },
        CatalogSection(["List"], mutating: ["append", "insert", "pop", "remove_at"]) { ListBuiltins.all },
        CatalogSection(["Map"], mutating: ["remove"]) { MapBuiltins.all },
        CatalogSection(["Float", "Int", "Range", "max", "min"]) { NumberBuiltins.all },
        CatalogSection([
            "Bool", "Digest", "Duration", "Float", "Image", "Int", "Path", "Size", "Str", "Version", "type_of",
        ]) {
            ConversionBuiltins.all
        },
        CatalogSection([
            "CommandResult", "Digest", "Duration", "Error", "Image", "Path", "Registry", "Secret", "Size", "Version",
        ]) { DomainBuiltins.all },
        CatalogSection(["json"]) { JSONBuiltins.all },
        CatalogSection(["env"]) { EnvBuiltins.all },
        CatalogSection(["secrets"]) { SecretBuiltins.all },
        CatalogSection(["files"]) { FileBuiltins.all },
        CatalogSection(["paths"]) { PathBuiltins.all },
        CatalogSection(["time"]) { TimeBuiltins.all },
        CatalogSection(["confirm", "print", "ui"]) { ConsoleBuiltins.all },
        CatalogSection(["run", "sh"]) { ProcessBuiltins.all },
        CatalogSection(["project"]) { ProjectBuiltins.all },
        CatalogSection(["toml"]) { TOMLBuiltins.all },
        CatalogSection(["docker", "patch"]) { DockerBuiltins.all },
        CatalogSection(["registry"]) { RegistryBuiltins.all },
        CatalogSection(["git"]) { GitBuiltins.all },
        CatalogSection(["changelog"]) { ChangelogBuiltins.all },
        CatalogSection(["tests"]) { TestRunBuiltins.all },
        CatalogSection(["notify"]) { NotifyBuiltins.all },
        CatalogSection(["aws"]) { AWSBuiltins.all },
        CatalogSection(["github"]) { GitHubBuiltins.all },
    ]
}
