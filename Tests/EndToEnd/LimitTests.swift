import Glibc
import Testing

extension EndToEnd {
    @Suite("Limits")
    struct LimitTests {
        @Test(
            "Memory: whatever grows without an end fails, and says where",
            arguments: [
                "var xs = []\nwhile true { xs.append(\"x\") }",
                "var xs = []\nvar i = 0\nwhile true { xs.append(\"text ${i}\")\ni += 1 }",
                "var xs = []\nwhile true { xs.append(\"x\".repeat(3000)) }",
                "var xs = []\nwhile true { xs.append(\"x\".repeat(100000000)) }",
                "var m = {}\nvar i = 0\nwhile true { m[Str(i)] = i\ni += 1 }",
                "fn f(n) { let xs = (1..1000).to_list()\nlet ys = f(n + 1)\nreturn [xs, ys] }\nwhile true { print(f(0)) }",
                "var xs = []\nwhile true { xs = [xs, xs.len()] }",
                "let s = \"x\".repeat(60000000)\nprint(s.split(\"\").len())",
                "var s = \"[\"\nfor i in 1..25 { s = s + s }\nprint(json.parse(\"[\" + \"{},\".repeat(20000000) + \"1]\"))",
                "parallel for i in 1..50 { let s = \"x\".repeat(90000000 + i)\nstep \"hold\" { $ sleep 1 }\ns }",
            ])
        func memory(program: String) async throws {
            let run = try await Host.relsh(
                [try TemporaryFiles.file("grows.rel", program), "--max-memory", "500MB"], limit: .seconds(180))
            run.expect(1, "grows.rel:", "error")
            #expect(["memory", "nest", "50 million"].contains { run.stderr.contains($0) }, "\(run)")
        }

        @Test("Steps and time")
        func stepsAndTime() async throws {
            let loop = try TemporaryFiles.file("loop.rel", "print(1)\nwhile true { }\n")
            try await Host.relsh(loop, "--max-steps", "5000000").expect(
                1, "loop.rel:2:1", "5000000 steps", "--max-steps")
            try await Host.relsh(loop, "--max-time", "2s").expect(1, "loop.rel:2:1", "within 2s", "--max-time")
            try await Host.relsh("--max-time", "2s", "-e", "while true { }").expect(1, "within 2s")
            let wait = try TemporaryFiles.file("wait.rel", "defer { print(\"cleaned\") }\n$ sleep 100\n")
            let run = try await Host.relsh(wait, "--max-time", "2s")
            run.expect(1, "wait.rel:2:1", "within 2s")
            #expect(run.stdout == "cleaned\n" && run.duration < .seconds(60), "\(run)")
        }

        @Test("Limits that mean nothing are refused")
        func wrongLimits() async throws {
            try await Host.relsh("--max-memory", "12", "-e", "1").expect(2, "--max-memory", "unit")
            try await Host.relsh("--max-memory", "0MB", "-e", "1").expect(2, "--max-memory")
            try await Host.relsh("--max-steps", "many", "-e", "1").expect(2, "--max-steps", "whole number")
            try await Host.relsh("--max-time", "soon", "-e", "1").expect(2, "--max-time")
        }

        @Test(
            "Ctrl-C stops at once, whatever is under way",
            arguments: [
                "while true { }", "while true { try { fail \"x\" } catch err { } }",
                "fn f(n) { if n > 0 { f(n - 1) } }\nwhile true { f(100) }",
                "let s = \"a\".repeat(100000000)\nprint(1)\ns.matches('(a?){50}b')",
                "let xs = (1..15000000).to_list().map(fn(x) => (x * 7919) % 15000001)\nprint(1)\nwhile true { xs.sort() }",
                "let s = \"[\" + \"[1],\".repeat(20000000) + \"1]\"\nprint(1)\nwhile true { json.parse(s) }",
                "let s = \"ä\".repeat(100000000)\nprint(1)\nwhile true { s.upper() }",
                "let s = \"a\".repeat(100000000)\nlet t = \"a\".repeat(50000000) + \"b\"\nprint(1)\nwhile true { s.contains(t) }",
                "let xs = (1..10000000).to_list()\nprint(1)\nwhile true { let ys = xs + [1]\nassert ys != xs }",
                "parallel for i in 1..4 { while true { } }",
                "while true { $ true }",
            ])
        func interrupt(program: String) async throws {
            let file = try TemporaryFiles.file("long.rel", program)
            let running = try Running(
                Host.relsh, [file, "--max-memory", "8GiB"], in: TemporaryFiles.newDirectory("long"),
                environment: Host.clean)
            try await Task.sleep(for: .milliseconds(1500))
            let stopped = ContinuousClock.now
            running.send(SIGINT)
            let finished = try await running.wait(limit: .seconds(60))
            finished.expect(130, "interrupted")
            #expect(ContinuousClock.now - stopped < .seconds(20), "\(ContinuousClock.now - stopped): \(finished)")
        }
    }
}
