import Builtins
import Testing

@testable import Lang

/// What the machine does itself is what the builtin does.
@Suite struct ShortcutTests {
    private static var map: Value { .map(OrderedMap([("a", .int(1)), ("é", .null)])) }
    private static var list: Value { .list([.int(1), .string("two")]) }

    /// Members and values they are called with, the receiver first.
    private static var calls: [(String, [Value])] {
        [
            ("Str.len", [.string("é😀x")]), ("Str.len", [.string("")]), ("List.len", [list]), ("Map.len", [map]),
            ("Str.starts_with", [.string("dev-1"), .string("dev")]),
            ("Str.starts_with", [.string("dev"), .string("dev-1")]),
            ("Str.starts_with", [.string("dev"), .string("")]),
            ("Str.starts_with", [.string("e\u{301}"), .string("é")]),
            ("Str.ends_with", [.string("a long text that ends.rel"), .string(".rel")]),
            ("Str.ends_with", [.string("rel"), .string("a longer text than this")]),
            ("Str.ends_with", [.string("a.rex"), .string(".rel")]),
            ("Str.contains", [.string("release"), .string("lea")]),
            ("Str.contains", [.string("e\u{301}"), .string("é")]),
            ("Str.contains", [.string("a"), .string("")]), ("Str.split", [.string("a,b,,c"), .string(",")]),
            ("Str.split", [.string(""), .string("ab")]), ("Str.split", [.string("é–ü–"), .string("–")]),
            ("Map.has", [map, .string("a")]), ("Map.has", [map, .string("é")]), ("Map.has", [map, .string("b")]),
            ("Map.get", [map, .string("a")]), ("Map.get", [map, .string("b")]),
            ("Map.get", [map, .string("b"), .string("other")]), ("Map.get", [map, .string("é"), .int(3)]),
            ("Int.abs", [.int(-3)]), ("Int.abs", [.int(Int.max)]),
        ]
    }

    @Test(arguments: calls.indices)
    func aShortcutGivesWhatTheBuiltinGives(number: Int) throws {
        let (name, values) = Self.calls[number]
        let registers = Registers.allocate(capacity: 8)
        registers.initialize(repeating: .null, count: 8)
        defer {
            registers.deinitialize(count: 8)
            registers.deallocate()
        }
        for (position, value) in values.enumerated() { registers[position + 1] = value }
        #expect(Shortcut(name) != .none)
        #expect(try Shortcut(name).call(registers, count: values.count - 1))
        let builtin = try #require(StandardCatalog.catalog.all.first { $0.name == name })
        guard case .pure(let body) = builtin.implementation else {
            Issue.record("\(name) is not pure")
            return
        }
        #expect(try registers[0].literal == Arguments.with(values, body).literal)
        for position in 1...values.count { #expect((registers + position).isObject == false) }
    }

    @Test func whatAShortcutDoesNotTakeIsLeftAsItIs() throws {
        let registers = Registers.allocate(capacity: 4)
        registers.initialize(repeating: .null, count: 4)
        defer {
            registers.deinitialize(count: 4)
            registers.deallocate()
        }
        registers[1] = .int(Int.min)
        #expect(try !Shortcut.intAbs.call(registers, count: 0))
        registers[1] = Self.map
        registers[2] = .int(1)
        #expect(try !Shortcut.mapHas.call(registers, count: 1))
        #expect(registers[1].literal == Self.map.literal)
        registers[1] = .string("abc")
        registers[2] = .string("")
        #expect(try !Shortcut.textSplit.call(registers, count: 1))
        registers[1] = .list([])
        #expect(try !Shortcut.listPop.change(registers + 1, registers))
        #expect(registers[1].literal == "[]")
    }

    @Test func aListThatIsSharedIsCopiedBeforeItIsChanged() throws {
        let registers = Registers.allocate(capacity: 4)
        registers.initialize(repeating: .null, count: 4)
        defer {
            registers.deinitialize(count: 4)
            registers.deallocate()
        }
        let list = Self.list
        registers[3] = list
        registers[1] = .int(7)
        #expect(try Shortcut.listAppend.change(registers + 3, registers))
        #expect(registers[3].literal == #"[1, "two", 7]"#)
        #expect(list.literal == #"[1, "two"]"#)
        #expect(try Shortcut.listPop.change(registers + 3, registers))
        #expect(registers[0].literal == "7")
    }

    /// Every shortcut is tested above, and tried by calls whose operands are at hand; these change their receiver.
    @Test func everyShortcutHasACase() {
        let named = Set(StandardCatalog.catalog.all.map(\.name).filter { Shortcut($0) != .none })
        let plain = Set(Self.calls.map(\.0))
        #expect(named == plain.union(["List.append", "List.pop"]))
        #expect(Shortcut.names == Set(plain.map { String($0.drop { $0 != "." }.dropFirst()) }))
    }
}
