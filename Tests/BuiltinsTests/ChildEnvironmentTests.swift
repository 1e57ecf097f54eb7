import Testing

@testable import Builtins

@Suite struct ChildEnvironmentTests {
    private func lines(_ environment: ChildEnvironment) -> [String] {
        environment.entries.map { String(decoding: $0.dropLast(), as: UTF8.self) }.sorted()
    }

    @Test func whatNoChildCanBeGivenIsLeftOut() {
        let environment = ChildEnvironment(["A": "1", "1B": "2", "C": "x\u{0}y", "": "3", "PATH": "/bin"])
        #expect(lines(environment) == ["A=1", "PATH=/bin"])
        #expect(environment.entries.allSatisfy { $0.last == 0 })
        #expect(environment.path == "/bin")
    }

    @Test func additionsReplaceWhatIsThere() {
        let environment = ChildEnvironment(["A": "1", "AB": "2", "PATH": "/bin"])
        #expect(lines(environment.adding(["A": "=9", "C": ""])) == ["A==9", "AB=2", "C=", "PATH=/bin"])
        #expect(environment.adding(["PATH": "/usr/bin"]).path == "/usr/bin")
        #expect(lines(environment.adding([:])) == lines(environment))
    }
}
