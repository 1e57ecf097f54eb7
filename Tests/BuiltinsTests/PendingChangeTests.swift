import Testing

@testable import Builtins

/// Which names of production a change touches, so that a prompt can ask first.
@Suite struct PendingChangeTests {
    @Test(
        arguments: [
            ("docker tag a:1 b:prod", [], ["b:prod"]), ("docker push host:5000/b:prod", [], ["host:5000/b:prod"]),
            ("docker push b", [], ["b:latest"]), ("docker push --all-tags b", [], ["all tags of b"]),
            ("docker push -a b", [], ["all tags of b"]), ("docker push b:1.0", [], []),
            ("docker tag a:1 b:prod-1.0.0", [], []), ("relsh -e 'registry.retag(…)'", ["prod"], ["prod"]),
            ("write 4 bytes to prod", ["prod", "text"], []), ("git push origin prod", [], []),
            ("docker build --tag b:prod .", [], ["b:prod"]), ("", [], []),
        ] as [(String, [String], [String])])
    func whatMoves(_ line: String, _ texts: [String], _ expected: [String]) {
        let change = PendingChange(lines: [line], texts: texts)
        #expect(change.moving(among: ["prod", "latest"]) == expected)
    }
}
