import Testing

@testable import Lang

private func set(_ root: inout Value, _ keys: [PlaceKey], _ value: Value) throws(RuntimeError) {
    try withPlace(&root, keys[...]) { (place: inout Value) throws(RuntimeError) in place = value }
}

private func message(_ body: () throws(RuntimeError) -> Void) -> String {
    do throws(RuntimeError) {
        try body()
        return "no error"
    } catch {
        return error.message
    }
}

private func key(_ text: String) -> PlaceKey { .index(.string(text)) }
private func at(_ position: Int) -> PlaceKey { .index(.int(position)) }

@Suite struct PlacesTests {
    @Test func partsOfPartsAreChanged() throws {
        var root = Value.map(OrderedMap([("tags", .list([.string("dev"), .string("x")]))]))
        try set(&root, [.member("tags"), at(1)], .string("prod"))
        #expect(root.literal == #"{tags: ["dev", "prod"]}"#)
        try set(&root, [key("n")], .int(1))
        #expect(root.literal == #"{tags: ["dev", "prod"], n: 1}"#)
    }

    @Test func aCopyNeverSeesTheChange() throws {
        let inner = Value.list([.int(1)])
        var first = Value.map(OrderedMap([("xs", inner), ("ys", inner)]))
        let second = first
        try set(&first, [.member("xs"), at(0)], .int(2))
        #expect(first.literal == "{xs: [2], ys: [1]}")
        #expect(second.literal == "{xs: [1], ys: [1]}")
        #expect(inner.literal == "[1]")
    }

    @Test func aValueCanBeAddedToItself() throws {
        var list = Value.list([.int(1)])
        let item = list
        try withPlace(&list, []) { (place: inout Value) throws(RuntimeError) in try append(item, to: &place) }
        #expect(list.literal == "[1, [1]]")
    }

    @Test func mistakesAreNamedAndChangeNothing() {
        var root = Value.map(OrderedMap([("tags", .list([.int(1)]))]))
        #expect(
            message { () throws(RuntimeError) in try set(&root, [.member("tag")], .null) }.contains("no key \"tag\""))
        #expect(message { () throws(RuntimeError) in try set(&root, [key("a"), key("b")], .null) }.contains("\"a\""))
        #expect(
            message { () throws(RuntimeError) in try set(&root, [.member("tags"), at(1)], .null) }.contains("index 1"))
        #expect(
            message { () throws(RuntimeError) in try set(&root, [.member("tags"), at(-1)], .null) }.contains("index -1")
        )
        #expect(
            message { () throws(RuntimeError) in try set(&root, [.member("tags"), at(0), at(0)], .null) }
                .contains("List or Map"))
        #expect(root.literal == "{tags: [1]}")
    }

    @Test func aKeyThatStaysMissingIsNotAdded() {
        var root = Value.map(OrderedMap([("a", .int(1))]))
        let text = message { () throws(RuntimeError) in
            try withPlace(&root, [key("b")]) { (place: inout Value) throws(RuntimeError) in
                guard case .missing = place else { return }
                throw RuntimeError(.value, .noSuchKey("b", suggestion: nil))
            }
        }
        #expect(text == "the map has no key \"b\"")
        #expect(root.literal == "{a: 1}")
    }

    @Test func unknownsSwallowChanges() throws {
        var root = Value.unknown("docker ps")
        try set(&root, [at(0)], .int(1))
        #expect(root.isUnknown)
        var list = Value.list([.int(1)])
        try set(&list, [.index(.unknown("docker ps"))], .int(2))
        #expect(list.isUnknown)
    }

    @Test func appendingInALoopIsLinear() throws {
        var root = Value.map(OrderedMap([("a", .map(OrderedMap([("xs", .list([]))])))]))
        let keys: [PlaceKey] = [.member("a"), key("xs")]
        let count = 1_000_000
        let elapsed = try ContinuousClock().measure {
            for number in 0..<count {
                try withPlace(&root, keys[...]) { (place: inout Value) throws(RuntimeError) in
                    try append(.int(number), to: &place)
                }
            }
        }
        #expect(try index(index(root, .string("a")), .string("xs")).asList?.count == count)
        // Copying each time would take hours.
        #expect(elapsed < .seconds(60))
    }

    @Test func reading() throws {
        let list = Value.list([.int(1), .int(2), .int(3)])
        let text = Value.string("naïve🎉")
        func range(_ lower: Int, _ upper: Int) -> Value { .object(RangeObject(lower, upper, isInclusive: true)) }
        #expect(try index(list, .int(2)).literal == "3")
        #expect(try index(list, range(1, 2)).literal == "[2, 3]")
        #expect(try index(list, range(1, 0)).literal == "[]")
        #expect(try index(list, range(3, 2)).literal == "[]")
        #expect(try index(text, range(2, 5)).literal == "\"ïve🎉\"")
        #expect(try index(text, range(0, -1)).literal == "\"\"")
        #expect(try index(.map(OrderedMap()), .string("a")).isNull)
        #expect(throws: RuntimeError.self) { try index(list, .int(3)) }
        #expect(throws: RuntimeError.self) { try index(list, .int(-1)) }
        #expect(throws: RuntimeError.self) { try index(list, range(1, 3)) }
        #expect(throws: RuntimeError.self) { try index(list, range(-1, 1)) }
        #expect(throws: RuntimeError.self) { try index(list, range(4, 3)) }
        #expect(throws: RuntimeError.self) { try index(list, range(0, .max)) }
        #expect(throws: RuntimeError.self) { try index(text, range(0, 6)) }
        #expect(throws: RuntimeError.self) { try index(text, range(.min, .max)) }
        #expect(throws: RuntimeError.self) { try index(.map(OrderedMap()), .int(1)) }
        #expect(message { () throws(RuntimeError) in _ = try index(text, .int(0)) }.contains("must be a Range"))
    }
}

private func append(_ item: Value, to place: inout Value) throws(RuntimeError) {
    do {
        _ = try place.changeList { $0.append(item) }
    } catch {
        throw RuntimeError(any: error)
    }
}
