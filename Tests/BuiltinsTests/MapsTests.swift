import Testing

@testable import Lang

@Suite struct MapsTests {
    private func sample() -> Value { .map(OrderedMap([("b", 1), ("a", 2)])) }

    @Test func queries() {
        #expect(call("Map.len", sample()) == "2")
        #expect(call("Map.keys", sample()) == #"["b", "a"]"#)
        #expect(call("Map.values", sample()) == "[1, 2]")
        #expect(call("Map.items", sample()) == #"[["b", 1], ["a", 2]]"#)
        #expect(call("Map.get", sample(), "a") == "2")
        #expect(call("Map.get", sample(), "c", 9) == "9")
        #expect(call("Map.get", sample(), "c") == "null")
        #expect(call("Map.has", sample(), "c") == "false")
    }

    @Test func mergingKeepsTheOrder() {
        let other = Value.map(OrderedMap([("a", 3), ("c", 4)]))
        #expect(call("Map.merge", sample(), other) == "{b: 1, a: 3, c: 4}")
    }

    @Test func removing() {
        var map = sample()
        let copy = map
        #expect(change("Map.remove", &map, "b") == "1")
        #expect(change("Map.remove", &map, "b") == "null")
        #expect(map.literal == "{a: 2}")
        #expect(copy.literal == "{b: 1, a: 2}")
    }
}
