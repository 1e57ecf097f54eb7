import Builtins
import Glibc
import Lang
import Synchronization
import TestSupport
import Testing

// One after the other: several measure time or memory.
@Suite("Programs on this machine", .serialized, .timeLimit(.minutes(30)))
struct LiveProcessesTests {
    private let processes = LiveProcesses(
        environment: World.inheritedEnvironment(), workingDirectory: World.currentDirectory())

    private func run(
        _ stages: [String]..., options change: (inout ProcessOptions) -> Void = { _ in }
    ) async throws -> ProcessOutcome {
        var options = ProcessOptions()
        change(&options)
        return try await processes.run(stages.map { ProcessRequest($0) }, options)
    }

    private func failure(_ body: () async throws -> Void) async -> RuntimeError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RuntimeError
        }
    }

    // MARK: Arguments and environment

    @Test(
        "an argument arrives as one, whatever is in it",
        arguments: [
            "; rm -rf /", "$(id)", "`id`", "-rf", "", "a\nb", "🚢 \u{301}", "*", "'", "\"", "$HOME", "a  b", "\\", "--",
            "#",
        ])
    func argumentsArriveWhole(_ argument: String) async throws {
        let outcome = try await run(["printf", "<%s>", argument, "end"])
        #expect(outcome.stdout == "<\(argument)><end>")
        #expect(outcome.exitCode == 0)
    }

    @Test("a long list of arguments arrives whole")
    func manyArguments() async throws {
        let arguments = (0..<5000).map { "argument \($0)" }
        let outcome = try await run(["printf", "%s\n"] + arguments)
        #expect(outcome.stdout == arguments.map { $0 + "\n" }.joined())
    }

    @Test("the environment is relsh's own and what is added; secrets arrive too")
    func environment() async throws {
        let request = ProcessRequest(
            ["sh", "-c", "printf '%s|%s|%s' \"$A\" \"$TOKEN\" \"${PATH:+path}\""], environment: ["A": "x y"],
            secrets: ["TOKEN": Secret("s3cret", source: "env TOKEN")])
        let outcome = try await processes.run([request], ProcessOptions())
        #expect(outcome.stdout == "x y|s3cret|path")
        #expect(request.line.hasPrefix("A='x y' TOKEN=••• sh -c "))
    }

    @Test("relsh's file descriptors do not leak into programs")
    func noLeak() async throws {
        let leaked = open("/dev/null", O_RDONLY)
        defer { close(leaked) }
        let outcome = try await run(["sh", "-c", "ls /proc/self/fd | wc -l"], ["cat"])
        // ls has its three streams and the directory it reads.
        #expect(outcome.stdout == "4\n")
    }

    @Test("a program runs where it is told to")
    func workingDirectory() async throws {
        let outcome = try await run(["pwd"]) { $0.workingDirectory = "/usr" }
        #expect(outcome.stdout == "/usr\n")
    }

    // MARK: Output that is read at the end

    @Test("output that goes to files arrives whole, each stream by itself")
    func heldOutput() async throws {
        let outcome = try await run(["sh", "-c", "seq 100000; echo warning >&2; exit 3"]) { $0.collectsAtEnd = true }
        #expect(outcome.exitCode == 3)
        #expect(outcome.stdout == (1...100_000).map { "\($0)\n" }.joined())
        #expect(outcome.stderr == "warning\n")
        #expect(outcome.combined.hasSuffix("100000\nwarning\n"))
    }

    @Test("the last stage's output goes to files, that of the others flows on")
    func heldPipeline() async throws {
        let outcome = try await run(["printf", "a\nb\n"], ["tail", "-n", "1"]) { $0.collectsAtEnd = true }
        #expect(outcome.stdout == "b\n")
    }

    @Test("too much output in a file is an error, too")
    func heldOutputTooLong() async {
        let error = await failure {
            _ = try await run(["head", "-c", "2000", "/dev/zero"]) {
                $0.collectsAtEnd = true
                $0.maximumOutput = 1999
            }
        }
        #expect(error?.message.contains("more than") == true)
    }

    @Test("output in files is part of the error when the time is up")
    func heldOutputAtTimeout() async {
        let error = await failure {
            _ = try await run(["sh", "-c", "echo begun; sleep 60"]) {
                $0.collectsAtEnd = true
                $0.timeout = .seconds(5)
            }
        }
        #expect(error?.kind == .timeout)
        #expect(error?.command?.output == "begun")
    }

    // MARK: Programs that cannot be started

    @Test("a program that is missing is named, and where it was looked for")
    func missingProgram() async {
        let error = await failure { _ = try await run(["relsh-no-such-program", "x"]) }
        #expect(error?.id == "program-not-found")
        #expect(error?.kind == .command)
        #expect(error?.message.contains("`relsh-no-such-program`") == true)
        #expect(error?.message.contains("PATH (") == true)
    }

    @Test(
        "for the programs that releases need, the error says how to get them", arguments: ["docker", "git", "python3"])
    func missingKnownProgram(_ program: String) async {
        let bare = LiveProcesses(environment: ["PATH": "/nowhere"], workingDirectory: "/")
        let error = await failure { _ = try await bare.run([ProcessRequest([program])], ProcessOptions()) }
        #expect(error?.help?.contains("install") == true)
    }

    @Test(
        "what is no program is refused with the reason",
        arguments: [
            (["/usr"], "program-unusable"), (["/etc/passwd"], "program-unusable"), (["./no/such"], "program-missing"),
            ([], "no-program"), ([""], "no-program"), (["echo", "a\0b"], "nul-in-argument"),
        ])
    func unusable(_ arguments: [String], _ id: String) async {
        let error = await failure { _ = try await run(arguments) }
        #expect(error?.id == id)
    }

    @Test(
        "what the system cannot start is told with what to do",
        arguments: [
            ("#!/nowhere/sh -e\n", "/nowhere/sh, which its first line names, is not there", "install it"),
            ("#!/bin/sh\r\n", "/bin/sh, which its first line names, is not there", "Windows"),
            ("true\n", "exec format error", "#!/bin/sh"),
        ])
    func notStartable(text: String, message: String, help: String) async throws {
        let path = "/tmp/relsh-script-\(UInt64.random(in: .min ... .max))"
        defer { unlink(path) }
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
        chmod(path, 0o755)
        let error = await failure { _ = try await run([path]) }
        #expect(error?.id == "not-started" && error?.message.contains(message) == true, "\(String(describing: error))")
        #expect(error?.help?.contains(help) == true)
    }

    @Test("an environment that would be cut short is refused")
    func wrongEnvironment() async {
        for (name, value, id) in [
            ("A", "a\0b", "nul-in-environment"), ("1A", "x", "wrong-environment-name"),
            ("", "x", "wrong-environment-name"),
        ] {
            let request = ProcessRequest(["true"], environment: [name: value])
            let error = await failure { _ = try await processes.run([request], ProcessOptions()) }
            #expect(error?.id == id)
        }
    }

    @Test("arguments that are too long for the system are an error that says so")
    func tooLong() async {
        let long = String(repeating: "x", count: 3 << 20)
        let error = await failure { _ = try await run(["echo", long]) }
        #expect(error?.id == "command-too-long")
        #expect((error?.message.utf8.count ?? 0) < 1000)
    }

    @Test("a working directory that is missing is an error that names it")
    func missingDirectory() async {
        let error = await failure { _ = try await run(["true"]) { $0.workingDirectory = "/no/such/place" } }
        #expect(error?.id == "no-working-directory")
        #expect(error?.message.contains("/no/such/place") == true)
    }

    @Test("a file that is no program, though it is executable, is an error")
    func notAProgram() async throws {
        let path = "/tmp/relsh-not-a-program-\(getpid())"
        try LiveFiles(workingDirectory: "/").write(path, [0, 1, 2, 3])
        chmod(path, 0o755)
        defer { unlink(path) }
        let error = await failure { _ = try await run([path]) }
        #expect(error?.id == "not-started")
    }

    // MARK: Output

    @Test("lines come while the program runs, each whole, and the last one without an end too")
    func lines() async throws {
        let lines = Mutex<[String]>([])
        let outcome = try await run(["sh", "-c", "echo one; echo two >&2; printf '10%%\\r20%%\\r\\nlast'; exit 3"]) {
            $0.onLine = { line in lines.withLock { $0.append(line) } }
        }
        #expect(lines.withLock { $0.filter { $0 != "two" } } == ["one", "10%", "20%", "last"])
        #expect(lines.withLock { $0.contains("two") })
        #expect(outcome.exitCode == 3)
        #expect(outcome.stdout == "one\n10%\r20%\r\nlast")
        #expect(outcome.stderr == "two\n")
        #expect(outcome.combined.contains("two"))
    }

    @Test("where output is not captured, both streams come in the order they were written")
    func joinedOutput() async throws {
        let lines = Mutex<[String]>([])
        let script = "for i in 1 2 3 4 5 6 7 8; do echo out $i; echo err $i >&2; done"
        let outcome = try await run(["sh", "-c", script]) {
            $0.capturesOutput = false
            $0.onLine = { line in lines.withLock { $0.append(line) } }
        }
        #expect(lines.withLock { $0 } == (1...8).flatMap { ["out \($0)", "err \($0)"] })
        #expect(outcome.stdout.isEmpty)
    }

    @Test("200 MB of output take little memory")
    func muchOutput() async throws {
        let count = Mutex(0)
        // Other tests share this process: the least of what it held near the end counts.
        let least = Mutex(Int.max)
        let before = residentMegabytes()
        #expect(before > 0)
        let script = "yes 0123456789012345678901234567890123456789 | head -c 200000000"
        let outcome = try await run(["sh", "-c", script]) {
            $0.capturesOutput = false
            $0.onLine = { line in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                if number > 4_000_000, number.isMultiple(of: 100_000) {
                    let held = residentMegabytes()
                    least.withLock { $0 = min($0, held) }
                }
            }
        }
        #expect(outcome.exitCode == 0)
        #expect(count.withLock { $0 } == 4_878_049)
        #expect(least.withLock { $0 } - before < 100)
    }

    @Test("more output than may be captured is an error, and the program is stopped")
    func outputLimit() async {
        let error = await failure { _ = try await run(["yes"]) { $0.maximumOutput = 1 << 20 } }
        #expect(error?.id == "output-too-long")
    }

    @Test("bytes that are not UTF-8 are replaced")
    func invalidText() async throws {
        let outcome = try await run(["printf", "a\\377b"])
        #expect(outcome.stdout == "a\u{FFFD}b")
    }

    // MARK: Input

    @Test("10 MB of input arrive, and come back")
    func muchInput() async throws {
        let text = String(repeating: "0123456789\n", count: 1_000_000)
        let counted = try await run(["wc", "-c"]) { $0.input = .text(text) }
        #expect(counted.stdout == "11000000\n")
        let returned = try await run(["cat"]) { $0.input = .text(text) }
        #expect(returned.stdout == text)
    }

    @Test("a program may leave its input unread")
    func unreadInput() async throws {
        let text = String(repeating: "0123456789\n", count: 1_000_000)
        let outcome = try await run(["head", "-1"]) { $0.input = .text(text) }
        #expect(outcome.stdout == "0123456789\n")
        #expect(try await run(["true"], options: { $0.input = .text(text) }).exitCode == 0)
    }

    @Test("without input there is an empty one")
    func noInput() async throws {
        #expect(try await run(["cat"]).stdout.isEmpty)
    }

    // MARK: Pipelines

    @Test("stages are connected")
    func pipeline() async throws {
        let outcome = try await run(["printf", "b\\na\\nc\\n"], ["sort"], ["tail", "-2"])
        #expect(outcome.stdout == "b\nc\n")
        #expect(outcome.failedStage == nil)
    }

    @Test("a stage whose reader wants no more has not failed")
    func brokenPipe() async throws {
        let outcome = try await run(["yes"], ["head", "-1"])
        #expect(outcome.stdout == "y\n")
        #expect(outcome.exitCode == 0)
        #expect(try await run(["sh", "-c", "yes; exit $?"], ["head", "-1"]).exitCode == 0)
    }

    @Test("a stage that fails fails the pipeline", arguments: [0, 1, 2])
    func failingStage(_ position: Int) async throws {
        var stages = [["echo", "x"], ["cat"], ["cat"]]
        stages[position] = ["sh", "-c", "cat; echo broken >&2; exit \(position + 4)"]
        let outcome = try await run(stages[0], stages[1], stages[2])
        #expect(outcome.exitCode == position + 4)
        #expect(outcome.failedStage == position)
        #expect(outcome.stderr == "broken\n")
    }

    @Test("what flows between stages does not come through relsh")
    func pipelineMemory() async throws {
        let before = residentMegabytes()
        #expect(before > 0)
        let outcome = try await run(["head", "-c", "500000000", "/dev/zero"], ["cat"], ["wc", "-c"])
        #expect(outcome.stdout == "500000000\n")
        #expect(residentMegabytes() - before < 250)
    }

    @Test("a pipeline with a program that is missing starts nothing")
    func pipelineWithMissingProgram() async {
        let marker = "/tmp/relsh-started-\(getpid())"
        let error = await failure { _ = try await run(["touch", marker], ["relsh-no-such-program"]) }
        #expect(error?.id == "program-not-found")
        #expect(access(marker, F_OK) != 0)
    }

    @Test("a program killed by a signal has 128 and its number")
    func signal() async throws {
        #expect(try await run(["sh", "-c", "kill -9 $$"]).exitCode == 137)
    }

    // MARK: Stopping

    /// A tree of processes that all sleep for a time that no other test sleeps for, so that they can be found.
    private func tree(_ seconds: Int, prefix: String = "") -> [String] {
        ["sh", "-c", "\(prefix) sh -c '\(prefix) sleep \(seconds) & sleep \(seconds)' & sleep \(seconds)"]
    }

    @Test("when the time is up, the program and all it started are stopped")
    func timeout() async {
        let start = ContinuousClock.now
        let error = await failure { _ = try await run(tree(86_401)) { $0.timeout = .milliseconds(300) } }
        #expect(error?.id == "command-timed-out")
        #expect(error?.kind == .timeout)
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(running("86401").isEmpty)
    }

    @Test("when the task is cancelled, the program and all it started are stopped")
    func cancellation() async throws {
        let task = Task { try await run(tree(86_402)) }
        try await wait { running("86402").count >= 3 }
        task.cancel()
        let error = await failure { _ = try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(running("86402").isEmpty)
    }

    @Test("what ignores SIGTERM is killed after two seconds, though its parent is gone")
    func stubbornGrandchildren() async throws {
        let start = ContinuousClock.now
        // The leader dies of SIGTERM at once; what it started does not.
        let script = "(trap '' TERM; sh -c \"trap '' TERM; sleep 86403; sleep 86403\") & sleep 86403"
        let error = await failure { _ = try await run(["sh", "-c", script]) { $0.timeout = .milliseconds(300) } }
        #expect(error?.kind == .timeout)
        // What is killed is gone when the system comes round to it.
        for _ in 0..<500 where !running("86403").isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        #expect(running("86403").isEmpty)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("a program is interrupted first, and has two seconds to clean up")
    func interruption() async {
        let marker = "/tmp/relsh-cleaned-up-\(getpid())"
        defer { unlink(marker) }
        let script = """
            import time
            try:
                time.sleep(86406)
            except KeyboardInterrupt:
                time.sleep(0.4)
                open("\(marker)", "w").close()
                raise SystemExit(0)
            """
        let error = await failure { _ = try await run(["python3", "-c", script]) { $0.timeout = .seconds(5) } }
        #expect(access(marker, F_OK) == 0)
        #expect(error?.kind == .timeout)
    }

    @Test("every stage of a pipeline is stopped")
    func cancelledPipeline() async throws {
        let task = Task { try await run(["sleep", "86404"], ["sleep", "86404"], ["sleep", "86404"]) }
        try await wait { running("86404").count == 3 }
        task.cancel()
        _ = await failure { _ = try await task.value }
        #expect(running("86404").isEmpty)
    }

    @Test("the end of the output is part of a timeout's error")
    func timeoutOutput() async {
        let error = await failure {
            _ = try await run(["sh", "-c", "echo waiting for the engine; sleep 86405"]) { $0.timeout = .seconds(5) }
        }
        #expect(error?.command?.output == "waiting for the engine")
    }

    @Test("a program that leaves something running in the background does not keep relsh waiting")
    func background() async throws {
        let start = ContinuousClock.now
        let outcome = try await run(["sh", "-c", "sleep 100 & echo started"])
        #expect(outcome.stdout == "started\n")
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test("many programs at once")
    func many() async throws {
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask { Int(try await run(["echo", "\(number)"], ["cat"]).stdout.dropLast()) ?? -1 }
            }
            return try await group.reduce(0, +)
        }
        #expect(total == 4950)
    }

    // MARK: Looking at the machine

    /// The processes whose command line has this word.
    private func running(_ word: String) -> [Int] {
        let files = LiveFiles(workingDirectory: "/")
        return ((try? files.list("/proc")) ?? []).compactMap(Int.init).filter { process in
            // A process that has ended and that nobody has asked about yet has no command line.
            guard let line = try? files.read("/proc/\(process)/cmdline") else { return false }
            return String(decoding: line, as: UTF8.self).contains(word)
        }
    }

    private func wait(until condition: () -> Bool) async throws {
        var attempts = 0
        while !condition(), attempts < 500 {
            attempts += 1
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func residentMegabytes() -> Int {
        let pages = (try? LiveFiles(workingDirectory: "/").read("/proc/self/statm")).map {
            String(decoding: $0, as: UTF8.self).split(separator: " ")
        }
        return (pages.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0) * 4096 / 1_048_576
    }
}
