import Testing

@testable import Lang

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("verison", "version"), ("tga", "tag"), ("registy", "registry"), ("APPEND", "append"),
        ("starts_wiht", "starts_with"),
        ("ecr1", "ecr"),
    ])
    func nearNamesAreFound(wrong: String, right: String) {
        #expect(suggestion(for: wrong, among: ["ecr", "append", "registry", "starts_with", "tag", "version"]) == right)
    }

    @Test(arguments: ["", "zebra", "x", "a", "completely_different", String(repeating: "version", count: 50)])
    func farNamesAreNot(name: String) {
        #expect(suggestion(for: name, among: ["", "b", "to", "version", "registry"]) == nil)
    }

    @Test func theNearestWins() {
        #expect(suggestion(for: "teg_name", among: ["leg_game", "tag_name"]) == "tag_name")
        #expect(suggestion(for: "name", among: ["name"]) == nil)
    }
}
