import Builtins

extension OwnOptions {
    /// What a run may use.
    var limits: Limits {
        var limits = Limits()
        limits.memory = { [maximumMemory] in maximumMemory ?? LiveMemory.standardLimit }
        limits.memoryInUse = LiveMemory.inUse(above:)
        limits.steps = maximumSteps
        limits.time = maximumTime
        return limits
    }
}
