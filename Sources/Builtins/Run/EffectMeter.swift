import Lang

/// What an effect asks in place of the `Meter`: it runs beside the machine, where another branch may be running by now, whose
/// deadline is none of its own. When its own passes, or the run is cancelled, its task is.
struct EffectMeter: WorkMonitor {
    let meter: Meter

    func spend(bytes: Int) throws(RuntimeError) {
        if Task.isCancelled { throw .workStopped }
    }

    func mustStop(after bytes: Int) -> Bool { Task.isCancelled }

    func reserve(bytes: Int) throws(RuntimeError) {
        try spend(bytes: bytes)
        try meter.reserveForEffect(bytes: bytes)
    }

    func reserveForEffect(bytes: Int) throws(RuntimeError) { try meter.reserveForEffect(bytes: bytes) }
}
