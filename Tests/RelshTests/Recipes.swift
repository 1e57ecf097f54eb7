import Lang

@testable import relsh

/// The recipes of a program, as the command line gets them.
func recipes(_ text: String) -> [RecipeInfo] {
    let loader = ModuleLoader(
        catalog: Catalog([]), read: { _ throws(ImportFailure) in throw ImportFailure("no files") })
    return loader.load(entry: SourceFile(name: "test.rel", text: text)).program.entry?.recipes ?? []
}

/// The message of the usage error that `body` throws; nil where it throws none.
func usageMessage(_ body: () throws -> Void) -> Message? {
    do {
        try body()
        return nil
    } catch {
        return (error as? UsageError)?.message
    }
}
