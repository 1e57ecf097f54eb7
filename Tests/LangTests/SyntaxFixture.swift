import Foundation
import Lang
import TestSupport

/// Parses text for the tests of the syntax.
enum SyntaxFixture {
    static func parse(_ text: String) -> (tree: FileTree, diagnostics: [Diagnostic]) {
        Parser.parse(SourceFile(name: "test.rel", text: text))
    }

    /// The tree, or the findings where there are any.
    static func dump(_ text: String) -> String {
        let (tree, diagnostics) = parse(text)
        if diagnostics.isEmpty { return TreeDump.text(tree) }
        return findings(text).joined(separator: "\n")
    }

    /// What is found, as `id at line:column`.
    static func findings(_ text: String) -> [String] {
        parse(text).diagnostics.map { diagnostic in
            let position = diagnostic.location.file.position(of: diagnostic.location.range.start)
            return "\(diagnostic.message.id) at \(position.line):\(position.column)"
        }
    }

    /// Parses on a thread with as small a stack as Swift's own threads have on some systems.
    static func parseOnSmallStack(_ text: String) -> [String] {
        let result = Result()
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            result.ids = parse(text).diagnostics.map(\.message.id)
            done.signal()
        }
        // With the address sanitizer, which the stress mode goes with, a frame takes several times as much.
        thread.stackSize = (StressMode.isOn ? 16 : 1) * 512 * 1024
        thread.start()
        done.wait()
        return result.ids
    }

    /// Handed from one thread to another, which a semaphore orders.
    private final class Result: @unchecked Sendable {
        var ids: [String] = []
    }

    /// The sample recipe of the language's description.
    static let sample = """
        #!/usr/bin/env relsh
        import "lib/images.rel"

        ## Build, test and release the dev image.
        ##
        ## The image that passed the tests is, by digest, the image that ships.
        default recipe docker_release_dev_image(
            ## Version to release; FROM_CHANGELOG takes the newest entry of the changelog.
            version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
            ## Reuse the build cache.
            cache: Bool = true,
            skip_tests: Bool = false,
            target_registries: [Registry] = project.registries.all(),
        ) {
            let v = images.dev_version(version)
            let local = step "Build the local image" { images.build_local(v, cache: cache) }

            if not skip_tests {
                for suite in ["fast", "slow", "qa"] {
                    step "Run ${suite} tests" { tests.run(suite, image: local) }
                }
            }

            transaction "Publish dev ${v}" {
                registry.publish(local, to: target_registries, tags: ["dev-${v}", "dev"])
                git.tag("${project.name}-${v}", push: true)
            }
        }

        """

    /// Every construct of the language once.
    static let everything = #"""
        ## The file.

        import "std/dev.rel"
        import "x/y-z.rel" as yz
        ## Doubles.
        fn double(a, b: Int = 3) -> Str? { a * 2 }
        let [a, b] = pair
        var x: {Str: [Int]}? = {a: 1, "b c": 2, if: 3}
        x.tags[0] = "dev"; n += 1
        let r = xs[1..<2] ?? a?.b.c or not d == 3 and e not in f
        $ FOO=bar BAZ="q ${x}" git push origin ${tag} a${b}'c d'"e" | tee 'log x' # comment
        let s = $(git rev-parse --short HEAD).trim()
            # comment
            .upper()
        for k, v in m { continue }
        for i in 1..3 { if i == 2 { break } else if i > 3 { $ echo hi } else { print("x") } }
        while not done { done = true }
        match value {
            "dev" | "local" => 1,
            1..5 => 2
            -3 => {a: 1}
            Version => { $ echo x }, Str? => fail "no"
            [Str] | {Str: Int} => null
            else => return 3
        }
        let t = try { fail "x" } catch err { assert err.ok, "message" }
        let done = step "a ${b}" { 1 } undo result { $ rm x }
        parallel { step "a" { 1 }; step "b" { 2 } }
        parallel(limit: 4) for r in xs { r }
        retry(3, every: 2s) { $ false }
        timeout(10m) { 1 }
        defer { x() }
        xs.map(fn(x) => x + 1).filter(fn(y: Int) -> Bool { $ echo hi }).each(fn(x) => {}, k: fn() => {"a": 1})
        let text = """
            hello \u{1F680}
              ${name}

            end
            """
        recipe all(...dev.release, ...prod.release) -> Str? { dev.release(...); prod.release(...) }
        print(1h30m, 200MB, 1.2.3, 3.14, 0xff, 'raw\n', "a ${"b ${c}"}")

        """#
}
