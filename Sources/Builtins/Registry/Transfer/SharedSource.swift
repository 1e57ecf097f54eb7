/// One source that several read at their own pace: each piece is taken from it once, and kept until the last of them
/// has it. The fastest waits for the slowest, so that memory stays bounded.
actor SharedSource {
    private let source: any ByteSource
    /// The pieces that not all have yet, and the number of the first.
    private var window: [Piece] = []
    private var first = 0
    /// The number of the piece that each reader wants next.
    private var positions: [Int: Int]
    private var isReading = false
    private var end: Result<Void, any Error>?
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Pieces that are kept at most; with those of 256 KiB that connections give it is 2 MiB.
    private static let maximumWindow = 8

    init(_ source: any ByteSource, readers: Int) {
        self.source = source
        positions = Dictionary(uniqueKeysWithValues: (0..<readers).map { ($0, 0) })
    }

    /// What the reader with this number, from 0, reads.
    nonisolated func reader(_ number: Int) -> any ByteSource { Reader(shared: self, number: number) }

    private struct Reader: ByteSource {
        let shared: SharedSource
        let number: Int
        func next() async throws -> Piece? { try await shared.next(number) }
        func abandon() async { await shared.leave(number) }
    }

    private func next(_ reader: Int) async throws -> Piece? {
        while let position = positions[reader] {
            try Task.checkCancellation()
            if position - first < window.count {
                let piece = window[position - first]
                positions[reader] = position + 1
                dropUnneeded()
                return piece
            }
            if let end {
                try end.get()
                return nil
            }
            if !isReading, window.count < Self.maximumWindow { await read() } else { await wait() }
        }
        throw CancellationError()
    }

    private func read() async {
        isReading = true
        // A task of its own: when one reader is cancelled the others still want the piece.
        let result = await Task(executorPreference: LoopExecutor.current) { [source] in
            do {
                return Result<Piece?, any Error>.success(try await source.next())
            } catch {
                return .failure(error)
            }
        }.value
        isReading = false
        switch result {
        case .success(let piece?): window.append(piece)
        case .success(nil): end = .success(())
        case .failure(let error): end = .failure(error)
        }
        wake()
    }

    /// This reader wants no more.
    func leave(_ reader: Int) async {
        guard positions.removeValue(forKey: reader) != nil else { return }
        dropUnneeded()
        wake()
        if positions.isEmpty, end == nil { await source.abandon() }
    }

    private func dropUnneeded() {
        let needed = positions.values.min() ?? first + window.count
        guard needed > first else { return }
        window.removeFirst(needed - first)
        first = needed
        wake()
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume() } else { waiters.append(continuation) }
            }
        } onCancel: {
            Task { await self.wake() }
        }
    }

    private func wake() {
        let woken = waiters
        waiters = []
        for waiter in woken { waiter.resume() }
    }
}
