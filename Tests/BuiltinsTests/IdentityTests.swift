import Builtins
import Lang
import TestSupport
import Testing

/// Steps and effects are identified by parent, place and occurrence: what resuming a run rests on.
@Suite struct IdentityTests {
    /// The identities of all effects in a program, in order; commands are not run.
    private func identities(_ text: String) throws -> [String] {
        let program = try ProgramRun.compile(text, catalog: StandardCatalog.catalog)
        var found: [String] = []
        for function in program.entryFunctions {
            try drive(Fiber(program: program, function: function, arguments: []), program, &found)
        }
        return found
    }

    private func drive(_ fiber: Fiber, _ program: Program, _ found: inout [String]) throws {
        var answer = Fiber.Answer.proceed
        while true {
            switch fiber.resume(answer) {
            case .finished: return
            case .failed(let error): throw error
            case .yielded, .stopped: answer = .proceed
            case .effect(let request):
                answer = .proceed
                switch request.kind {
                case .builtin, .command:
                    found.append(fiber.takeIdentity().path)
                    answer = .value(.null)
                case .failScope(let error): answer = .error(error)
                case .failTimeout(let error): answer = .error(error)
                case .parallel(let branches, _):
                    let identity = fiber.takeIdentity()
                    for (index, branch) in branches.enumerated() {
                        let inner = Fiber(
                            program: program, function: branch.0, arguments: branch.1, identity: identity.branch(index))
                        try drive(inner, program, &found)
                    }
                    answer = .value(.null)
                default: break
                }
            }
        }
    }

    private static let program = """
        fn push(x) { $ docker push ${x}
        }
        step "Build" { $ make }
        for i in 1..3 { push(i) }
        push(4); push(5)
        step "Publish" {
            for i in 1..2 { step "Part ${i}" { push(i); push(i) } }
        }
        retry(2) { $ curl }
        parallel for i in 1..3 { push(i); step "Inner" { push(i) } }
        parallel { push(1); push(2) }
        """

    @Test func theSameProgramGivesTheSameIdentities() throws {
        let first = try identities(Self.program)
        #expect(first.count == 1 + 3 + 2 + 4 + 1 + 6 + 2)
        #expect(try identities(Self.program) == first)
    }

    @Test func noTwoEffectsHaveOne() throws {
        let all = try identities(Self.program)
        #expect(Set(all).count == all.count)
    }

    @Test func aLoopGivesEachRoundItsOwn() throws {
        let all = try identities("for i in 1..100 { $ echo ${i}\n}")
        #expect(Set(all).count == 100)
        let nested = try identities("for i in 1..10 { for j in 1..10 { step \"s\" { $ a\n$ b } } }")
        #expect(Set(nested).count == 200)
    }

    @Test func callsFromTwoPlacesDiffer() throws {
        let all = try identities("fn f() { $ a\n}\nfn g() { f() }\nf(); f(); g(); g()")
        #expect(Set(all).count == 4)
    }

    @Test func titlesDoNotCount() throws {
        let one = try identities("let t = \"aaa\"\nstep t { $ a }")
        let other = try identities("let t = \"bbb\"\nstep t { $ a }")
        #expect(one == other)
    }

    @Test func whatStandsInAStepBelongsToIt() throws {
        let all = try identities("$ a\nstep \"s\" { $ b\nstep \"t\" { $ c } }")
        try #require(all.count == 3)
        let depths = all.map { $0.split(separator: "/").count }
        #expect(depths == [1, 2, 3])
    }

    @Test func branchesAreParents() throws {
        let all = try identities("parallel for x in [1, 2] { $ a\n}")
        try #require(all.count == 2)
        #expect(all[0].replacing("[0]", with: "[1]") == all[1])
    }

    @Test func attemptsAreParents() throws {
        let all = try identities("var n = 0\nretry(3) { $ a\nn += 1\nif n < 3 { fail \"no\" } }")
        #expect(Set(all).count == 3)
    }

    @Test func whatEarlierRoundsDidDoesNotCountForOtherSteps() throws {
        // Each step counts for itself, so that one that is skipped does not move the others.
        let all = try identities("for i in 1..2 { step \"s\" { for j in 1..i { $ a\n} } }")
        try #require(all.count == 3)
        let second = all[1].split(separator: "/").last
        #expect(all[0].split(separator: "/").last == second)
    }
}
