import NIOCore

/// Runs tasks on an event loop: between a task there and a connection of that loop no thread has to be woken up.
final class LoopExecutor: TaskExecutor {
    /// Where the task that asks is, for tasks of their own that should be there, too.
    @TaskLocal static var current: LoopExecutor?

    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    func run<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T {
        try await withTaskExecutorPreference(self) {
            try await Self.$current.withValue(self, operation: body)
        }
    }
}
