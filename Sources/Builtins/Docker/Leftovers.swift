import Lang
import Synchronization

/// What a relsh that died has left running.
package enum Leftovers {
    /// Whether this process may have containers running.
    package static var mayBeThere: Bool { UniqueName.hasNamedContainers.load(ordering: .relaxed) }

    /// Removes the containers of a process that is gone: its suites go on in them, and would collide with those that are begun
    /// again. That none can be removed is no reason not to go on.
    package static func remove(of process: ProcessMark, in world: World) async {
        let filter = "name=relsh-run-\(process.pid)-"
        let words = ["docker", "ps", "--all", "--quiet", "--filter", filter]
        guard let listed = try? await Command.run(words, in: world, check: false, quiet: true, printsLittle: true)
        else {
            return
        }
        let containers = listed.stdout.split(whereSeparator: \.isWhitespace).map(String.init)
        if containers.isEmpty { return }
        _ = try? await Command.run(
            ["docker", "rm", "--force", "--volumes"] + containers, in: world, check: false, quiet: true)
    }
}
