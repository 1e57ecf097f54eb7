import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// A network of registries, a clock that waits for nobody, and what a test asks of them.
struct RegistryFixture {
    let network = FakeNetwork()
    let clock = FakeClock()
    let events = RecordingEvents()
    let processes = FakeProcesses()
    var environment: [String: String] = [:]
    var files: [String: String] = [:]
    /// The same for every world of a fixture, as in a run.
    private let memory = RegistryMemory()

    var world: World {
        var world = projectWorld(processes, environment: environment, files: files)
        world.http = network
        world.clock = clock
        world.events = events
        world.registries = memory
        return world
    }

    func repository(_ image: String) throws -> RegistryRepository {
        let image = try ImageReference(parsing: image)
        return RegistryRepository(
            session: RegistrySession(endpoint: try RegistryEndpoint(image.registry), world: world),
            name: image.repository)
    }

    /// Bytes that look like nothing in particular.
    static func bytes(_ count: Int, seed: UInt8) -> [UInt8] {
        var state = UInt32(seed) &* 2_654_435_761 | 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }
}
