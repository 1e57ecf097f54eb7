/// The environment that a program is started with, as the system takes it: made once, not for each program.
struct ChildEnvironment: Sendable {
    /// `NAME=value` with a NUL at the end, in no particular order.
    private(set) var entries: [[UInt8]]
    /// The value of PATH.
    private(set) var path: String?

    /// Leaves out what a child cannot be given: swift-subprocess refuses a whole environment for one odd name in it.
    init(_ variables: [String: String]) {
        entries = variables.filter { Self.isName($0.key) && !$0.value.utf8.contains(0) }.map(Self.entry)
        path = variables["PATH"]
    }

    /// With further variables, or other values of those it has.
    func adding(_ variables: [String: String]) -> ChildEnvironment {
        if variables.isEmpty { return self }
        var result = self
        let names = variables.keys.map { Array("\($0)=".utf8) }
        result.entries.removeAll { entry in names.contains { entry.starts(with: $0) } }
        result.entries += variables.map(Self.entry)
        if let path = variables["PATH"] { result.path = path }
        return result
    }

    private static func entry(_ name: String, _ value: String) -> [UInt8] { Array("\(name)=\(value)\0".utf8) }

    static func isName(_ name: String) -> Bool {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = name.utf8.first, !digits.contains(first) else { return false }
        return !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "=") }
    }
}
