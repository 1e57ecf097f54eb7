import Testing

@testable import Lang

@Suite("A duration as recipes write it")
struct DurationTests {
    static let literals: [(text: String, milliseconds: Int64, canonical: String)] = [
        ("250ms", 250, "250ms"), ("90s", 90_000, "1m30s"), ("5m", 300_000, "5m"), ("2h", 7_200_000, "2h"),
        ("1h30m", 5_400_000, "1h30m"), ("1s500ms", 1_500, "1s500ms"), ("1500ms", 1_500, "1s500ms"), ("0s", 0, "0s"),
        ("0ms", 0, "0s"), ("0h0m", 0, "0s"), ("1h1m1s1ms", 3_661_001, "1h1m1s1ms"), ("1h1ms", 3_600_001, "1h1ms"),
        ("1h90m", 9_000_000, "2h30m"), ("48h", 172_800_000, "48h"), ("-1h30m", -5_400_000, "-1h30m"), ("-0s", 0, "0s"),
        ("007s", 7_000, "7s"), ("9223372036854775807ms", .max, "2562047788015h12m55s807ms"),
        ("-9223372036854775808ms", .min, "-2562047788015h12m55s808ms"),
    ]

    @Test("is read and written", arguments: literals)
    func literal(_ text: String, _ milliseconds: Int64, _ canonical: String) throws {
        let duration = try Duration(parsing: text)
        #expect(duration == .fromMilliseconds(milliseconds))
        #expect(duration.milliseconds == milliseconds)
        #expect(duration.literal == canonical)
        #expect(try Duration(parsing: duration.literal) == duration)
    }

    @Test(
        "refuses every other text",
        arguments: [
            "", " ", "-", "--1s", "+1s", "5", "5min", "5 m", " 5m", "5m ", "1.5h", "1h30", "30m1h", "1m1m", "1ms1s",
            "1d",
            "1H", "s", "ms", "1h-30m", "1_000ms", "1s\n", "5m\u{301}", "\u{0665}m", "5µs", "5m🚀", "5\0m",
            "9223372036854775808ms", "-9223372036854775809ms", "9223372036854775807s", "99999999999999999999999h",
            "2562047788015h12m55s808ms", String(repeating: "9", count: 200_000),
            String(repeating: "1h", count: 200_000),
        ])
    func refusal(_ text: String) {
        #expect(throws: ValueError.self) { try Duration(parsing: text) }
    }

    @Test("cuts off what is less than a millisecond")
    func fractions() {
        #expect(Duration.microseconds(1_999).literal == "1ms")
        #expect(Duration.microseconds(-999).literal == "0s")
        #expect(Duration.nanoseconds(-1_500_000).milliseconds == -1)
    }

    @Test("of more milliseconds than fit is written and clamped, not trapped on")
    func extremes() {
        let longest = Duration(attoseconds: .max)
        let shortest = Duration(attoseconds: .min)
        #expect(longest.milliseconds == .max && shortest.milliseconds == .min)
        #expect(longest.literal == "47261439850130342h8m51s687ms")
        #expect(shortest.literal == "-47261439850130342h8m51s687ms")
        #expect(longest.adding(longest) == nil && longest.adding(.zero) == nil)
        #expect(shortest.subtracting(longest) == nil)
        #expect(longest.scaled(by: 2) == nil && longest.scaled(by: 2.0) == nil && longest.divided(by: 1) == nil)
    }

    @Test("adds, subtracts, scales and divides within its range")
    func arithmetic() {
        let second = Duration.fromMilliseconds(1_000)
        let longest = Duration.fromMilliseconds(.max)
        let shortest = Duration.fromMilliseconds(.min)
        #expect(second.adding(.fromMilliseconds(500)) == .fromMilliseconds(1_500))
        #expect(second.subtracting(.fromMilliseconds(1_500)) == .fromMilliseconds(-500))
        #expect(second.scaled(by: 3) == .fromMilliseconds(3_000))
        #expect(second.scaled(by: 1.5) == .fromMilliseconds(1_500))
        #expect(second.divided(by: 3) == .fromMilliseconds(333))
        #expect(longest.adding(.fromMilliseconds(1)) == nil)
        #expect(shortest.subtracting(.fromMilliseconds(1)) == nil)
        #expect(longest.adding(shortest) == .fromMilliseconds(-1))
        #expect(longest.scaled(by: 2) == nil && longest.scaled(by: .max) == nil && shortest.scaled(by: -1) == nil)
        #expect(
            second.scaled(by: .nan) == nil && second.scaled(by: .infinity) == nil && second.scaled(by: 1e300) == nil)
        #expect(second.divided(by: 0) == nil && shortest.divided(by: -1) == nil)
    }

    @Test("says what to write")
    func hints() {
        let bare = #expect(throws: ValueError.self) { try Duration(parsing: "30") }
        #expect(bare?.hint == "write 30s for seconds")
        #expect(
            bare?.message == "duration must be whole numbers with units in the order h, m, s, ms, such as 1h30m, "
                + "but is \"30\"")
        let fraction = #expect(throws: ValueError.self) { try Duration(parsing: "1.5h") }
        #expect(fraction?.hint == "write it in a smaller unit, without a fraction")
    }
}
