import Testing

@testable import Lang

/// Registers are read and written past the reference counts; these hold what that rests on.
@Suite struct RegistersTests {
    private func withRegisters(_ body: (Registers) -> Void) {
        let registers = Registers.allocate(capacity: 4)
        registers.initialize(repeating: .null, count: 4)
        body(registers)
        registers.deinitialize(count: 4)
        registers.deallocate()
    }

    @Test func aValueIsSixteenBytesAndAnObjectStandsAtItsBeginning() {
        #expect(MemoryLayout<Value>.size == 9)
        #expect(MemoryLayout<Value>.stride == 16)
        withRegisters { r in
            let string = StringObject("text")
            r[0] = .object(string)
            #expect(r.unretained?.toOpaque() == Unmanaged.passUnretained(string).toOpaque())
            #expect(r.unretained(.string, as: StringObject.self)?.takeUnretainedValue() === string)
            #expect(r.unretained(.list, as: ListObject.self) == nil)
            r[0] = .int(-1)
            #expect(r.unretained == nil)
        }
    }

    @Test func eachKindOfValueIsCopiedOverEachOther() {
        let values: [Value] = [
            .null, .missing, .bool(true), .bool(false), .int(Int.min), .float(-0.5), .string("a"), .list([.int(1)]),
        ]
        withRegisters { r in
            for old in values {
                for new in values {
                    r[0] = old
                    r[1] = new
                    r.copy(r + 1)
                    #expect(r[0].literal == new.literal)
                    #expect(r[1].literal == new.literal)
                    r[0] = old
                    r.take(r + 1)
                    #expect(r[0].literal == new.literal)
                    #expect(!(r + 1).isObject)
                }
                r[0] = old
                r.set(7)
                #expect(r[0].literal == "7")
                r[0] = old
                r.set(1.5)
                #expect(r[0].literal == "1.5")
                r[0] = old
                r.set(true)
                #expect(r[0].literal == "true")
                r[0] = old
                r.setNull()
                #expect(r[0].isNull)
            }
        }
    }

    @Test func nothingIsKeptAndNothingIsFreedTwice() {
        weak var kept: ListObject?
        withRegisters { r in
            let list = ListObject([.int(1)])
            kept = list
            r[0] = .object(list)
            (r + 1).copy(r)
            (r + 2).take(r + 1)
            r.release()
            (r + 3).copy(r + 2)
            #expect((r + 3).takeObject(.list, as: ListObject.self) === list)
            #expect((r + 3).takeObject(.list, as: ListObject.self) == nil)
            #expect((r + 2).typeKey == r[2].typeKey)
            #expect(r.typeKey == r[0].typeKey)
        }
        #expect(kept == nil)
    }
}
