/// A program whose files have been read and whose names are known to exist: what the compiler works from.
package struct ResolvedProgram: Sendable {
    /// Imported files before the files that import them; the entry file is last.
    package let modules: [ResolvedModule]

    package init(modules: [ResolvedModule]) { self.modules = modules }

    package var entry: ResolvedModule? { modules.last }
}

package struct ResolvedModule: Sendable {
    package let tree: FileTree
    /// The name an import is reached by, and the position in `ResolvedProgram.modules` of the file it means.
    package let imports: [String: Int]
    /// In the order declared.
    package let recipes: [RecipeInfo]
    /// The module whose names it goes on with: what was typed before it at a prompt. Nil for a file.
    package let continues: Int?

    package init(tree: FileTree, imports: [String: Int], recipes: [RecipeInfo], continues: Int? = nil) {
        self.tree = tree
        self.imports = imports
        self.recipes = recipes
        self.continues = continues
    }
}

/// A recipe as the command line, `--list` and `--help` see it, with the parameters of other recipes taken over.
package struct RecipeInfo: Sendable {
    package let declaration: RecipeDeclaration
    package let parameters: [RecipeParameter]
    package var name: String { declaration.name.text }
    package let location: SourceLocation

    package init(declaration: RecipeDeclaration, parameters: [RecipeParameter], location: SourceLocation) {
        self.declaration = declaration
        self.parameters = parameters
        self.location = location
    }
}

extension RecipeInfo {
    /// Stands for a file without recipes where options are read: it takes none but relsh's own.
    package static func none(in file: SourceFile) -> RecipeInfo {
        let range = SourceRange(0, 0)
        let declaration = RecipeDeclaration(
            name: Name(file.name, range), isDefault: false, documentation: nil, items: [], result: nil,
            body: Block(range: range, statements: []), range: range)
        return RecipeInfo(
            declaration: declaration, parameters: [], location: SourceLocation(file: file, range: range))
    }
}

package struct RecipeParameter: Sendable {
    package let name: String
    /// `.any` where it has no annotation.
    package let type: ValueType
    package let documentation: String?
    package let defaultValue: Expression?
    /// The default as it stands in the source.
    package let defaultText: String?
    /// The module whose names the default is written with.
    package let module: Int

    package init(
        name: String, type: ValueType, documentation: String?, defaultValue: Expression?, defaultText: String?,
        module: Int
    ) {
        self.name = name
        self.type = type
        self.documentation = documentation
        self.defaultValue = defaultValue
        self.defaultText = defaultText
        self.module = module
    }
}
