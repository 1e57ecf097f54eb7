import Lang

/// The name of a branch or a tag, by the rules of
/// [git-check-ref-format](https://git-scm.com/docs/git-check-ref-format). What is none could be read by git as something else: an
/// option, a pattern, another revision than the one that was meant.
enum GitName {
    /// - Throws: `RuntimeError` where git would not take it.
    static func checked(_ name: String) throws -> String {
        if isName(name) { return name }
        throw RuntimeError(.value, .unsafeGitName(name))
    }

    static func isName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return !name.hasPrefix("-") && !name.hasSuffix(".") && !name.contains("..") && !name.contains("@{")
            && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") }
            && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !forbidden.contains($0) }
    }

    private static let forbidden = Array("~^:?*[\\".utf8)
}
