import Synchronization

/// Says of a run that was interrupted that it takes a moment, where it does. Who sees nothing happen presses Ctrl-C again, and
/// that leaves things half undone.
final class StopNotice: Sendable {
    private let isOver = Atomic<Bool>(false)
    private let show: @Sendable (String) -> Void

    /// Most of what is interrupted has ended before.
    private static let patience = Duration.milliseconds(500)

    init(_ show: @escaping @Sendable (String) -> Void) { self.show = show }

    /// The run has been asked to stop.
    func begin() {
        Task.detached { [self] in
            try? await Task.sleep(for: Self.patience)
            if isOver.load(ordering: .sequentiallyConsistent) { return }
            show("interrupted: what was begun ends, and what can be taken back is; Ctrl-C again leaves at once")
        }
    }

    /// It has stopped.
    func end() { isOver.store(true, ordering: .sequentiallyConsistent) }
}
