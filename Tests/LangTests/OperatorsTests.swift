import Testing

@testable import Lang

private func calculate(_ left: Value, _ operation: BinaryOperator, _ right: Value) -> String {
    do throws(RuntimeError) {
        return try binary(operation, left, right).literal
    } catch {
        return "error: \(error.message)"
    }
}

private func help(_ left: Value, _ operation: BinaryOperator, _ right: Value) -> String? {
    do throws(RuntimeError) {
        _ = try binary(operation, left, right)
        return "no error"
    } catch {
        return error.help
    }
}

private func duration(_ text: String) throws -> Value { .domain(.duration(try Duration(parsing: text))) }
private func size(_ text: String) throws -> Value { .domain(.size(try Size(parsing: text))) }
private func version(_ text: String) throws -> Value { .domain(.version(try Version(parsing: text))) }
private var secret: Value { Value.domain(.secret(Secret("hush", source: "env TOKEN"))) }

@Suite struct OperatorsTests {
    @Test func integersAreExactAndNeverWrap() {
        #expect(calculate(.int(7), .divide, .int(-2)) == "-3")
        #expect(calculate(.int(-7), .remainder, .int(2)) == "-1")
        #expect(calculate(.int(.max), .add, .int(1)).contains("must fit an Int"))
        #expect(calculate(.int(.min), .subtract, .int(1)).contains("must fit an Int"))
        #expect(calculate(.int(.max), .multiply, .int(2)).contains("must fit an Int"))
        #expect(calculate(.int(.min), .divide, .int(-1)).contains("must fit an Int"))
        #expect(calculate(.int(.min), .remainder, .int(-1)).contains("must fit an Int"))
        #expect(calculate(.int(1), .divide, .int(0)) == "error: the divisor of `1 / 0` must not be 0, but is")
        #expect(calculate(.int(1), .remainder, .int(0)).contains("must not be 0"))
        #expect(throws: RuntimeError.self) { try negate(.int(.min)) }
    }

    @Test func floatsStayFinite() {
        #expect(calculate(.float(0.1), .add, .float(0.2)) == "0.30000000000000004")
        #expect(calculate(.float(1e308), .multiply, .float(10)).contains("finite Float"))
        #expect(calculate(.float(1), .divide, .float(0)).contains("must not be 0"))
        #expect(calculate(.float(-7.5), .remainder, .float(2)) == "-1.5")
    }

    @Test func mixedTypesNameTheFix() throws {
        #expect(calculate(.string("1"), .add, .int(1)).contains("Str and Int"))
        #expect(help(.string("1"), .add, .int(1))?.contains("Str(1)") == true)
        #expect(help(.string("1"), .add, .int(1))?.contains("Int(\"1\")") == true)
        #expect(help(.string("a"), .add, .int(1))?.contains("Int(") == false)
        #expect(help(.int(1), .add, .float(2)) == "write `Float(1)`")
        #expect(help(.float(2), .less, .int(3)) == "write `Float(3)`")
        #expect(try help(duration("5m"), .add, .int(30)) == "write the number with a unit: `30s`")
        #expect(help(.null, .add, .int(1))?.contains("??") == true)
        #expect(help(.list([]), .add, .int(1))?.contains("brackets") == true)
        #expect(help(.string("a"), .add, secret)?.contains("interpolate") == true)
        #expect(try help(version("1.2.3"), .less, .string("1.3.0")) == "write `Version(…)` around the text")
    }

    @Test func textAndListsAreJoined() {
        #expect(calculate(.string("a"), .add, .string("b")) == "\"ab\"")
        #expect(calculate(.list([.int(1)]), .add, .list([.int(2)])) == "[1, 2]")
    }

    @Test func amountsAddScaleAndDivide() throws {
        #expect(try calculate(duration("1m"), .add, duration("30s")) == "1m30s")
        #expect(try calculate(duration("1m"), .multiply, .int(3)) == "3m")
        #expect(try calculate(.float(0.5), .multiply, duration("1m")) == "30s")
        #expect(try calculate(duration("1m"), .divide, duration("40s")) == "1.5")
        #expect(try calculate(duration("1m"), .divide, .int(0)).contains("must not be 0"))
        #expect(try calculate(duration("1h"), .greater, duration("59m")) == "true")
        #expect(try calculate(size("1GiB"), .subtract, size("1MiB")) == "1023MiB")
        #expect(try calculate(size("1GB"), .divide, size("200MB")) == "5.0")
        #expect(try calculate(size("1GB"), .multiply, .int(.max)).contains("must fit a Size"))
        #expect(try calculate(size("1GB"), .add, duration("1m")).contains("Size and Duration"))
        #expect(try calculate(duration("1m"), .divide, duration("0s")).contains("must not be 0"))
        #expect(try calculate(duration("1m"), .divide, .float(.leastNonzeroMagnitude)).contains("must fit a Duration"))
    }

    @Test func orderIsByValueNotByText() throws {
        #expect(try calculate(version("1.10.0"), .greater, version("1.9.0")) == "true")
        #expect(try calculate(version("1.0.0-rc.1"), .less, version("1.0.0")) == "true")
        #expect(try calculate(version("1.0.0+a"), .lessOrEqual, version("1.0.0+b")) == "true")
        #expect(try calculate(version("1.0.0+a"), .equal, version("1.0.0+b")) == "false")
        #expect(calculate(.string("Z"), .less, .string("a")) == "true")
        #expect(calculate(.string("é"), .greater, .string("z")) == "true")
        #expect(calculate(.list([]), .less, .list([])).contains("but is List"))
    }

    @Test func equalityIsDeepAndExact() {
        #expect(!Value.equal(.int(1), .float(1)))
        #expect(!Value.equal(.string("e\u{301}"), .string("é")))
        #expect(Value.equal(.list([.string("a"), .null]), .list([.string("a"), .null])))
        let one = Value.map(OrderedMap([("a", .int(1)), ("b", .int(2))]))
        let other = Value.map(OrderedMap([("b", .int(2)), ("a", .int(1))]))
        #expect(Value.equal(one, other))
        #expect(!Value.equal(one, .map(OrderedMap([("a", .int(1))]))))
    }

    @Test func equalityOfValuesThatHoldThemselvesOftenEnds() {
        func doubled() -> Value {
            var value = Value.list([.int(1)])
            for _ in 0..<200 { value = .list([value, value]) }
            return value
        }
        #expect(Value.equal(doubled(), doubled()))
    }

    @Test func whatIsUnknownStaysUnknown() {
        let unknown = Value.unknown("docker build .")
        #expect(calculate(unknown, .add, .int(1)) == "<known at run time: docker build .>")
        #expect(calculate(.list([.int(1), unknown]), .equal, .list([.int(2), .int(1)])) == "false")
        #expect(calculate(.list([.int(1), unknown]), .equal, .list([.int(1), .int(1)])).hasPrefix("<known"))
        #expect(calculate(.int(1), .in, .list([unknown, .int(1)])) == "true")
        #expect(calculate(.int(2), .in, .list([unknown, .int(1)])).hasPrefix("<known"))
    }

    @Test func membership() {
        #expect(calculate(.int(2), .in, .list([.int(1), .int(2)])) == "true")
        #expect(calculate(.int(2), .notIn, .list([.int(1), .int(2)])) == "false")
        #expect(calculate(.string("a"), .in, .map(OrderedMap([("a", .null)]))) == "true")
        #expect(calculate(.string("el"), .in, .string("hello")) == "true")
        #expect(calculate(.string(""), .in, .string("")) == "true")
        #expect(calculate(.int(3), .in, .object(RangeObject(1, 3, isInclusive: true))) == "true")
        #expect(calculate(.int(3), .in, .object(RangeObject(1, 3, isInclusive: false))) == "false")
        #expect(calculate(.int(3), .in, .string("3")).contains("must be Str"))
        #expect(calculate(.int(3), .in, .int(3)).contains("List, Map, Range or Str"))
    }

    @Test func bytesAreFoundFromAnyStart() throws {
        #expect(try findBytes(of: "aab", in: "aaab") == 1)
        #expect(try findBytes(of: "a", in: "aba", from: 1) == 2)
        #expect(try findBytes(of: "abc", in: "ab") == nil)
        #expect(try findBytes(of: "", in: "ab", from: 3) == nil)
        #expect(try findBytes(of: "a", in: "", from: 5) == nil)
    }
}
