import Builtins
import Lang
import Synchronization
import TestSupport
import Testing

/// Stops whatever asks a second time, so that it must ask before it has done much.
private final class Impatient: WorkMonitor {
    private let asked = Mutex(0)

    func spend(bytes: Int) throws(RuntimeError) {
        let count = asked.withLock { count in
            count += 1
            return count
        }
        if count > 1 { throw .workStopped }
    }

    func reserve(bytes: Int) throws(RuntimeError) { try spend(bytes: bytes) }
    func reserveForEffect(bytes: Int) throws(RuntimeError) { try spend(bytes: bytes) }

    func mustStop(after bytes: Int) -> Bool {
        do throws(RuntimeError) {
            try spend(bytes: bytes)
            return false
        } catch {
            return true
        }
    }
}

/// Builtins and operators that do much at a time ask whether they may, again and again.
@Suite struct WorkTests {
    private func member(_ type: String, _ name: String, _ arguments: [Value]) throws -> Value {
        let builtin = try #require(StandardCatalog.catalog.member(name, of: type))
        guard case .pure(let body) = builtin.implementation else { throw RuntimeError.workStopped }
        return try Arguments.with(arguments, body)
    }

    private func stops(_ work: () throws -> Value) -> Bool {
        do {
            _ = try Work.$monitor.withValue(Impatient()) { try work() }
            return false
        } catch {
            return (error as? RuntimeError)?.isWorkStopped == true
        }
    }

    private let text = Value.string(String(repeating: "ä ", count: 200_000))
    private let list = Value.list((0..<20_000).map { .int($0 &* 7919 % 20_001) })

    @Test(arguments: ["upper", "lower", "split", "lines"])
    func textIsChangedAndTakenApartInPieces(name: String) {
        let arguments = name == "split" ? [text, .missing] : [text]
        #expect(
            stops {
                _ = try member("Str", name, arguments)
                return try member("Str", name, arguments)
            })
    }

    @Test func searchingAsks() {
        let text = Value.string(String(repeating: "a", count: 50_000))
        #expect(stops { try member("Str", "matches", [text, .string("(a?){50}b")]) })
        #expect(stops { try member("Str", "find_all", [text, .string("a*b|a")]) })
        // A needle that is nowhere, one that nearly is at each place, and long ones: each goes another way.
        let long = Value.string(String(repeating: "a", count: 400_000))
        let much = String(repeating: "a", count: 100_000)
        for part in ["b", "ab", String(repeating: "a", count: 900) + "b", "aab" + much, much + "b" + much] {
            #expect(stops { try member("Str", "contains", [long, .string(part)]) })
            #expect(stops { try member("Str", "split", [long, .string(part)]) })
            #expect(stops { try member("Str", "replace", [long, .string(part), .string("")]) })
        }
        #expect(stops { try member("Str", "upper", [long]) })
        #expect(stops { try member("Str", "split", [long, .string("a")]) })
        #expect(stops { try member("Str", "replace", [text, .string("a"), .string("bb")]) })
    }

    @Test func sortingAndComparingAsk() {
        let other = Value.list((0..<20_000).map { .int($0 &* 7919 % 20_001) })
        // Less is sorted at once, in no time.
        let long = Value.list((0..<600_000).map { .int($0 &* 7919 % 600_011) })
        #expect(stops { try member("List", "__sorted", [long, long, .bool(false)]) })
        #expect(
            stops { try member("List", "__sorted", [list, Value.list((0..<20_000).map { _ in text }), .bool(false)]) })
        #expect(stops { try member("List", "unique", [list]) })
        #expect(stops { try member("List", "index_of", [list, .int(-1)]) })
        #expect(stops { try member("List", "sum", [list]) })
        // What cannot throw says that they differ, and the run ends then.
        let areEqual = Work.$monitor.withValue(Impatient()) { Value.equal(list, other) }
        #expect(!areEqual)
        #expect(Value.equal(list, other))
    }

    @Test func readingAndWritingJSONAsk() throws {
        let parse = try #require(StandardCatalog.catalog.function("json.parse"))
        let print = try #require(StandardCatalog.catalog.function("json.print"))
        guard case .pure(let parsing) = parse.implementation, case .pure(let printing) = print.implementation else {
            Issue.record("they are pure")
            return
        }
        let text = "[" + String(repeating: "[1],", count: 5000) + "1]"
        #expect(stops { try Arguments.with([.string(text)], parsing) })
        #expect(stops { try Arguments.with([list, .missing], printing) })
    }

    @Test func whatIsLittleNeedNotAsk() throws {
        #expect(!stops { try member("Str", "upper", [.string("abc")]) })
        #expect(!stops { try member("List", "unique", [.list([.int(1), .int(1)])]) })
    }
}
