package import Builtins
import Lang

/// Making a plan of a program and following it, in worlds of a test's own.
package enum PlanFixture {
    /// - Parameters:
    ///   - world: where the plan is made; its working directory is the project's.
    package static func plan(
        _ text: String, in world: World, assumesYes: Bool = true
    ) async throws -> (plan: Plan?, run: ProgramRun) {
        let planner = PlanRecorder(
            start(text, in: world), directories(world), state: nil, digests: world.images, at: world.clock.now())
        let run = try await ProgramRun.of(
            text, dryRun: true, world: world, catalog: StandardCatalog.catalog, planner: planner,
            assumesYes: assumesYes)
        return (run.found, run)
    }

    /// The run of the program that keeps to the plan, without looking first whether it still holds.
    package static func follow(_ plan: Plan, _ text: String, in world: World) async throws -> ProgramRun {
        try await ProgramRun.of(
            text, world: world, catalog: StandardCatalog.catalog, follower: PlanFollower(plan, directories(world)))
    }

    package static func directories(_ world: World) -> PlanDirectories {
        PlanDirectories(workingDirectory: world.workingDirectory, project: nil, repository: nil)
    }

    private static func start(_ text: String, in world: World) -> RunStart {
        RunStart(
            recipe: nil, program: ProgramRun.load(text, catalog: StandardCatalog.catalog).0, words: ["test.rel"],
            settings: [""], directory: world.workingDirectory, version: "test")
    }
}
