package import Builtins
import Lang
import Synchronization

/// Programs that were told what to answer. Records what it was asked to run; what it does not know ends with 127.
package final class FakeProcesses: ProcessRunner {
    /// What a program does when it is run.
    package struct Answer: Sendable {
        package let exitCode: Int
        package let stdout: String
        package let stderr: String
        package init(exitCode: Int = 0, stdout: String = "", stderr: String = "") {
            self.exitCode = exitCode
            self.stdout = stdout
            self.stderr = stderr
        }
    }

    /// One call.
    package struct Run: Sendable {
        package let stages: [ProcessRequest]
        package let options: ProcessOptions
        package var line: String { stages.map(\.line).joined(separator: " | ") }
    }

    private struct Rule {
        let prefix: [String]
        var answers: [Answer]
    }

    private struct State {
        var rules: [Rule] = []
        var runs: [Run] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Answers commands that begin with these words. The longest prefix that fits decides; of several answers for one
    /// prefix each is given once, and the last one again and again.
    package func answer(_ prefix: String..., with answers: Answer...) { answer(prefix, answers) }

    package func answer(_ prefix: [String], _ answers: [Answer]) {
        state.withLock { $0.rules.append(Rule(prefix: prefix, answers: answers)) }
    }

    /// Every call so far.
    package var runs: [Run] { state.withLock { $0.runs } }

    /// Every call so far, as a person would type it.
    package var lines: [String] { runs.map(\.line) }

    package func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        try Task.checkCancellation()
        let answers = state.withLock { state in
            state.runs.append(Run(stages: stages, options: options))
            return stages.map { Self.take($0.arguments, from: &state.rules) }
        }
        let stdout = answers.last?.stdout ?? ""
        let stderr = answers.map(\.stderr).joined()
        if let onLine = options.onLine {
            for line in (stderr + (options.streamsOutput ? stdout : "")).split(separator: "\n") { onLine(String(line)) }
        }
        let failed = answers.lastIndex { $0.exitCode != 0 }
        return ProcessOutcome(
            exitCode: failed.map { answers[$0].exitCode } ?? 0, stdout: options.capturesOutput ? stdout : "",
            stderr: stderr, combined: stdout + stderr, duration: .milliseconds(1), failedStage: failed)
    }

    private static func take(_ arguments: [String], from rules: inout [Rule]) -> Answer {
        let fitting = rules.indices.filter { arguments.starts(with: rules[$0].prefix) }
        guard let best = fitting.max(by: { rules[$0].prefix.count < rules[$1].prefix.count }),
            let answer = rules[best].answers.first
        else {
            let line = ProcessRequest(arguments).line
            return Answer(exitCode: 127, stderr: "the test has no answer for: \(line)\n")
        }
        if rules[best].answers.count > 1 { rules[best].answers.removeFirst() }
        return answer
    }
}
