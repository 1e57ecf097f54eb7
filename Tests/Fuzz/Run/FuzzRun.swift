import Dispatch
import Synchronization
import TestSupport

/// Called by libFuzzer, which has the `main`, with each text it makes up. See `make fuzz`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRun(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let problem = Problem()
    // libFuzzer knows nothing of `await`.
    let done = DispatchSemaphore(value: 0)
    Task.detached {
        let found = await RunFuzzing.problem(bytes)
        problem.text.withLock { $0 = found }
        done.signal()
    }
    done.wait()
    if let text = problem.text.withLock({ $0 }) { fatalError(text) }
    return 0
}

private final class Problem: Sendable {
    let text = Mutex<String?>(nil)
}
