import Testing

@testable import Lang

@Suite struct ListsTests {
    @Test func queries() {
        #expect(call("List.contains", [1, 2], 2) == "true")
        #expect(call("List.index_of", [1, [2]], [2]) == "1")
        #expect(call("List.first", []) == "null")
        #expect(call("List.last", [1, 2]) == "2")
        #expect(call("List.min", ["b", "a"]) == #""a""#)
        #expect(call("List.max", []) == "null")
        #expect(call("List.max", [1, "a"]).contains("of one type"))
    }

    @Test func sums() {
        #expect(call("List.sum", []) == "0")
        #expect(call("List.sum", [1, 2]) == "3")
        #expect(call("List.sum", [1, .float(2)]).contains("Int and Float"))
        #expect(call("List.sum", ["a", "b"]).contains("but one item is"))
        #expect(call("List.sum", [.int(.max), 1]).contains("must fit an Int"))
    }

    @Test func joining() {
        #expect(call("List.join", ["a", 1, true, .float(2)], "-") == #""a-1-true-2.0""#)
        #expect(call("List.join", [], ", ") == #""""#)
        #expect(call("List.join", [.null], ",").contains("but one item is null"))
        #expect(call("List.join", [["a"]], ",").contains("List"))
        let secret = call("List.join", [.domain(.secret(Secret("hush", source: "env T")))], ",")
        #expect(secret.contains("a Secret") && !secret.contains("hush"))
        #expect(call("List.join", ["a", .unknown("git describe")], ",") == "<known at run time: git describe>")
    }

    @Test func derivedLists() {
        #expect(call("List.reverse", [1, 2]) == "[2, 1]")
        #expect(call("List.unique", [1, .float(1), "1", 1, [1], [1], .null, .null]) == #"[1, 1.0, "1", [1], null]"#)
        #expect(call("List.unique", [.float(0), .float(-0.0)]) == "[0.0]")
        let one = Value.map(OrderedMap([("a", 1), ("b", 2)]))
        let other = Value.map(OrderedMap([("b", 2), ("a", 1)]))
        #expect(call("List.unique", [one, other]) == "[{a: 1, b: 2}]")
        #expect(call("List.zip", ["a", "b"], [1]) == #"[["a", 1]]"#)
        #expect(call("List.flatten", [[1], 2, [[3]]]) == "[1, 2, [3]]")
        #expect(call("List.take", [1, 2], 5) == "[1, 2]")
        #expect(call("List.drop", [1, 2], 5) == "[]")
        #expect(call("List.take", [1], -1).contains("0 or more"))
    }

    @Test func sortingIsStable() {
        #expect(call("List.__sorted", ["c", "a", "b"], [2, 1, 1], false) == #"["a", "b", "c"]"#)
        #expect(call("List.__sorted", ["c", "a", "b"], [2, 1, 1], true) == #"["c", "a", "b"]"#)
        #expect(call("List.__sorted", ["Z", "a", "é"], ["Z", "a", "é"], false) == #"["Z", "a", "é"]"#)
        #expect(call("List.__sorted", [1, .float(2)], [1, .float(2)], false).contains("of one type"))
        #expect(call("List.__sorted", [1], [], false).contains("as many"))
        #expect(call("List.__sorted", [1, 2], [1, .unknown("x")], false) == "<known at run time: x>")
        #expect(call("List.__sorted", [true, false], [true, false], false).contains("Bool"))
    }

    @Test func changing() {
        var list: Value = [1]
        #expect(change("List.append", &list, 2) == "null")
        #expect(change("List.insert", &list, 0, 0) == "null")
        #expect(list.literal == "[0, 1, 2]")
        #expect(change("List.insert", &list, 4, 0).contains("0 to 3"))
        #expect(change("List.remove_at", &list, 1) == "1")
        #expect(change("List.remove_at", &list, 2).contains("index 2"))
        #expect(change("List.pop", &list) == "2")
        #expect(change("List.pop", &list) == "0")
        #expect(change("List.pop", &list).contains("must not be empty"))
        #expect(list.literal == "[]")
    }

    @Test func ranges() {
        func range(_ lower: Int, _ upper: Int) -> Value { .object(RangeObject(lower, upper, isInclusive: true)) }
        #expect(call("Range.len", range(1, 3)) == "3")
        #expect(call("Range.len", range(.min, .max)).contains("must fit an Int"))
        #expect(call("Range.to_list", range(.max, .max)) == "[9223372036854775807]")
        #expect(call("Range.to_list", range(3, 1)) == "[]")
        #expect(call("Range.to_list", range(0, .max)).contains("50 million"))
    }
}
