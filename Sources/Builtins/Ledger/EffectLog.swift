import Lang
import Synchronization

/// What one effect did, while it does it: the commands and requests it made, and the end of what its programs printed.
final class EffectLog: Sendable {
    fileprivate struct State {
        var requests: [String] = []
        var output: [String] = []
        var size = 0
    }
    private let state = Mutex(State())

    private static let mostRequests = 200
    fileprivate static let mostOutput = 64 << 10

    func add(request line: String) {
        state.withLock {
            if $0.requests.count < Self.mostRequests {
                $0.requests.append(LedgerMask.hide(in: line).limited(to: 4 << 10))
            }
        }
    }

    func add(output line: String) {
        state.withLock { state in
            let line = LedgerMask.hide(in: line).limited(to: 4 << 10)
            state.output.append(line)
            state.size += line.utf8.count + 1
            // Twice as much is kept meanwhile, so that the beginning is not moved at every line.
            guard state.size > 2 * Self.mostOutput else { return }
            state.trim()
        }
    }

    var requests: String? {
        let lines = state.withLock(\.requests)
        return lines.isEmpty ? nil : LedgerMask.hide(in: lines.joined(separator: "\n"))
    }

    var output: String? {
        let lines = state.withLock { state in
            state.trim()
            return state.output
        }
        return lines.isEmpty ? nil : LedgerMask.hide(in: lines.joined(separator: "\n"))
    }
}

extension EffectLog.State {
    fileprivate mutating func trim() {
        var first = 0
        while size > EffectLog.mostOutput, first < output.count {
            size -= output[first].utf8.count + 1
            first += 1
        }
        output.removeFirst(first)
    }
}

/// Notes the requests that change something. Queries are left out of them: one may carry a signature.
struct LoggedHTTP: HTTPAccess {
    let inner: any HTTPAccess
    let log: EffectLog

    func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        if request.method != "GET", request.method != "HEAD" { log.add(request: request.line) }
        return try await inner.send(request)
    }

    func nearby<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T {
        try await inner.nearby(body)
    }
}
