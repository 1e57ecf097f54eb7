package import Builtins

/// The worlds that tests run in.
package enum TestWorlds {
    /// Nothing is real: commands are the `TranscriptPrograms`, and time passes at once.
    @Sendable package static func ofTranscripts(_ console: TranscriptConsole) -> World {
        var world = World.fake()
        world.processes = TranscriptPrograms()
        world.console = console
        world.environment = ["HOME": "/home/me", "TOKEN": "s3cret", "EMPTY": ""]
        return world
    }
}
