import Lang
import Synchronization

/// Takes in errors from wherever they come.
final class ErrorList: Sendable {
    private let list = Mutex<[RuntimeError]>([])
    func append(_ error: RuntimeError) { list.withLock { $0.append(error) } }
    var all: [RuntimeError] { list.withLock { $0 } }
}
