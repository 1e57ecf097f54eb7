import Glibc
import Testing

/// The processes of this machine.
enum Processes {
    /// The command lines of all, words separated by blanks.
    static func commandLines() -> [String] { ids().map(commandLine) }

    /// That of one; empty for one that has ended.
    static func commandLine(_ id: String) -> String {
        readText("/proc/\(id)/cmdline").replacing("\0", with: " ")
    }

    /// Those that were started with a variable in their environment, zombies left aside.
    static func with(variable: String, _ value: String) -> [String] {
        let entry = "\(variable)=\(value)"
        return ids().filter { id in
            readText("/proc/\(id)/environ").split(separator: "\0").contains { $0 == entry }
        }.map { "\($0): \(commandLine($0))" }
    }

    /// Looks until there are none of those any more, or for so long that there should be none.
    static func expectNone(with variable: String, _ value: String) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while !with(variable: variable, value).isEmpty, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(with(variable: variable, value) == [])
    }

    /// What a process has started, with the command lines.
    static func children(of parent: pid_t) -> [(id: String, line: String)] {
        ids().filter { id in
            // After the name of the program, which is in brackets: state and parent.
            let fields = readText("/proc/\(id)/stat").split(separator: ")").last?.split(separator: " ") ?? []
            return fields.count > 1 && fields[1] == "\(parent)"
        }.map { ($0, commandLine($0)) }
    }

    static func ids() -> [String] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var ids: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.allSatisfy(\.isNumber) { ids.append(name) }
        }
        return ids
    }
}
