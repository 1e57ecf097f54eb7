import Testing

@testable import Builtins
@testable import Lang

/// A section is found by the words it names, before anything in it is made.
@Suite struct StandardCatalogTests {
    @Test func sectionsNameWhatTheyDeclare() {
        for section in StandardCatalog.sections {
            let builtins =
                section.contents.functions.values + section.contents.members.values.flatMap { $0.values }
            #expect(section.roots == CatalogSection.roots(of: builtins))
            #expect(section.mutatingNames == CatalogSection.mutatingNames(of: builtins))
        }
    }

    @Test func namesAreFoundByTheirFirstWord() {
        let catalog = StandardCatalog.catalog
        for builtin in catalog.all {
            switch builtin.signature.form {
            case .function, .constant:
                #expect(catalog.function(builtin.name) === builtin, "\(builtin.name)")
            case .method, .mutatingMethod, .property:
                let parts = builtin.name.split(separator: ".", maxSplits: 1).map(String.init)
                #expect(catalog.member(parts[1], of: parts[0]) === builtin, "\(builtin.name)")
            }
        }
        #expect(catalog.isNamespace("project.registries"))
        #expect(!catalog.isNamespace("project.name"))
        #expect(catalog.function("docker") == nil)
        #expect(catalog.member("trim", of: "Nothing") == nil)
    }
}
