import Builtins
import Lang

/// What must hold for any bytes that are run as a program, in a world in which nothing is real: the run ends, within its
/// limits and without a trap, its error has a place, and it does not matter how often the machine comes up for air.
package enum RunFuzzing {
    /// What is wrong, in words; nil if nothing is, or if the bytes are no program that may run.
    package static func problem(_ bytes: [UInt8]) async -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let whole = await run(text, slice: Fiber.slice) else { return nil }
        if let problem = problem(whole) { return problem }
        guard let pieces = await run(text, slice: 2) else { return "it is no program any more" }
        if let problem = problem(pieces) { return problem }
        if let planned = await run(text, slice: 2, dryRun: true), let problem = problem(planned) { return problem }
        // Where time runs out is chance; branches take turns at each look.
        if whole.error?.kind == .limit || pieces.error?.kind == .limit || text.contains("parallel") { return nil }
        if whole.value != pieces.value || whole.printed != pieces.printed || whole.error?.id != pieces.error?.id {
            return "it differs: \(whole.shown) and, in small slices, \(pieces.shown)"
        }
        return nil
    }

    private static func problem(_ run: ProgramRun) -> String? {
        guard let error = run.error else { return nil }
        if error.id == "unexpected" || error.isWorkStopped { return "it ended with \(error.id): \(error.message)" }
        return error.location == nil ? "\(error.id) has no place" : nil
    }

    private static var limits: Limits {
        var limits = Limits()
        limits.steps = 10_000
        limits.time = .seconds(1)
        limits.memory = { 1 << 30 }
        limits.memoryInUse = LiveMemory.inUse(above:)
        limits.cleanupSteps = 1_000
        limits.cleanupTime = .seconds(1)
        return limits
    }

    private static func run(_ text: String, slice: Int, dryRun: Bool = false) async -> ProgramRun? {
        try? await ProgramRun.of(
            text, dryRun: dryRun, world: TestWorlds.ofTranscripts(TranscriptConsole()),
            catalog: StandardCatalog.catalog, limits: limits, slice: slice)
    }
}

extension ProgramRun {
    fileprivate var shown: String { "\(value ?? error?.id ?? "") after \(printed.count) characters" }
}
