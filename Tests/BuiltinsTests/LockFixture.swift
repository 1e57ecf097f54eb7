import Foundation
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// A bare repository and clones of it, each of which is a project, in a directory that goes with the test.
final class LockFixture: Sendable {
    let directory: String
    var remote: String { directory + "/remote.git" }

    /// - Parameter settings: what stands in `[lock]` of each clone's `relsh.toml`.
    init(clones: [String] = ["a", "b"], settings: String = "") async throws {
        directory = NSTemporaryDirectory() + "/relsh-lock-\(getpid())-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try await git("init", "-q", "--bare", remote)
        for clone in clones {
            try await git("clone", "-q", remote, path(clone))
            try write("\(clone)/relsh.toml", "name = \"team/app\"\n[lock]\n\(settings)\n")
            // Not untracked, so that the status says what relsh adds to it.
            try write("\(clone)/.git/info/exclude", "relsh.toml\n")
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ clone: String) -> String { "\(directory)/\(clone)" }

    func write(_ path: String, _ text: String, isProgram: Bool = false) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.path(path)))
        if isProgram { chmod(self.path(path), 0o755) }
    }

    /// The machine, seen from a clone.
    func world(_ clone: String, events: RecordingEvents = RecordingEvents(), now: Double? = nil) -> World {
        var world = World.machine(events: events, workingDirectory: path(clone))
        world.project = LiveProject(
            files: LiveFiles(workingDirectory: path(clone)), workingDirectory: path(clone), environment: [:])
        if let now { world.clock = FixedClock(seconds: now) }
        return world
    }

    @discardableResult
    func git(_ words: String..., in clone: String = "") async throws -> String {
        let world = World.machine(workingDirectory: path(clone))
        return try await Command.run(["git"] + words, in: world, quiet: true).stdout.trimmed
    }

    /// What the ref stands for; nil where there is none.
    func object() async throws -> String? {
        let lines = try await git("ls-remote", remote, LockRemote.ref(of: "team/app"))
        return lines.isEmpty ? nil : String(lines.prefix { $0 != "\t" })
    }

    /// Puts a note of somebody else there.
    func plant(_ note: LockNote, from clone: String = "a") async throws {
        let world = world(clone)
        let place = try #require(await LockRemote.find(for: try await world.project.load(), in: world))
        let object = try await place.write(note, in: world)
        guard case .done = try await place.push(object, expecting: try await self.object(), in: world) else {
            throw SetUpFailure(what: "the note of the test was not taken")
        }
    }
}

struct SetUpFailure: Error { let what: String }

/// A clock that is wrong, or right by chance; waiting takes as long as it does.
struct FixedClock: ClockAccess {
    let seconds: Double
    func now() -> Double { seconds }
    func sleep(_ duration: Duration) async throws { try await Task.sleep(for: duration) }
}

extension LockNote {
    /// As another machine would have written it.
    static func elsewhere(now: Double, lease: Int = 600, _ changes: [String: String] = [:]) throws -> LockNote {
        var text = LockNote(recipe: "release", run: 7, lease: .seconds(lease), now: now).text
        let others = ["host": "\"elsewhere\"", "space": "\"another boot\"", "started": "\"another boot:1\""]
        for (name, value) in others.merging(changes, uniquingKeysWith: { $1 }) {
            let start = try #require(text.range(of: "\"\(name)\": ")).upperBound
            let end = try #require(text[start...].firstIndex { $0 == "," || $0 == "\n" })
            text.replaceSubrange(start..<end, with: value)
        }
        return try #require(LockNote(text: text))
    }
}
