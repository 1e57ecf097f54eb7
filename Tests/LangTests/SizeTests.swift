import Testing

@testable import Lang

@Suite("A size as recipes write it")
struct SizeTests {
    static let literals: [(text: String, bytes: Int, canonical: String)] = [
        ("0B", 0, "0B"), ("0GiB", 0, "0B"), ("1B", 1, "1B"), ("999B", 999, "999B"), ("1KB", 1_000, "1KB"),
        ("1kB", 1_000, "1KB"), ("1024B", 1_024, "1KiB"), ("1KiB", 1_024, "1KiB"), ("200MB", 200_000_000, "200MB"),
        ("1MiB", 1_048_576, "1MiB"), ("1GB", 1_000_000_000, "1GB"), ("1GiB", 1_073_741_824, "1GiB"),
        ("1TB", 1_000_000_000_000, "1TB"), ("1TiB", 1_099_511_627_776, "1TiB"), ("1500MB", 1_500_000_000, "1500MB"),
        ("128KB", 128_000, "128KB"), ("125KiB", 128_000, "128KB"), ("1000GiB", 1_073_741_824_000, "1000GiB"),
        ("1024GiB", 1_099_511_627_776, "1TiB"), ("1000KB", 1_000_000, "1MB"), ("-1GiB", -1_073_741_824, "-1GiB"),
        ("9223372036854775807B", .max, "9223372036854775807B"),
        ("-9223372036854775808B", .min, "-8388608TiB"), ("8388607TiB", 9_223_370_937_343_148_032, "8388607TiB"),
    ]

    @Test("is read and written", arguments: literals)
    func literal(_ text: String, _ bytes: Int, _ canonical: String) throws {
        let size = try Size(parsing: text)
        #expect(size.bytes == bytes)
        #expect(size.literal == canonical)
        #expect(try Size(parsing: size.literal) == size)
    }

    @Test(
        "refuses every other text",
        arguments: [
            "", " ", "-", "5", "5 MB", "5MB ", "5mb", "5Mb", "5M", "5G", "5PB", "1.5GB", "MB", "+5MB", "--5MB",
            "1_000B",
            "0x10B", "5MB\n", "5MB\u{301}", "\u{0665}MB", "5🚀", "5\0B", "9223372036854775808B", "-9223372036854775809B",
            "8388608TiB", "9223373TB", String(repeating: "9", count: 200_000) + "B",
            "5" + String(repeating: "B", count: 200_000),
        ])
    func refusal(_ text: String) {
        #expect(throws: ValueError.self) { try Size(parsing: text) }
    }

    @Test("is ordered by its bytes")
    func order() {
        #expect(Size(bytes: -1) < Size(bytes: 0) && Size(bytes: 1_000) < Size(bytes: 1_024))
        #expect(Size(bytes: 1_000_000) == Size(bytes: 1_000_000))
    }

    @Test("adds, subtracts, scales and divides, or says that it cannot")
    func arithmetic() {
        let megabyte = Size(bytes: 1_000_000)
        #expect(megabyte.adding(megabyte) == Size(bytes: 2_000_000))
        #expect(megabyte.subtracting(Size(bytes: 2_000_000)) == Size(bytes: -1_000_000))
        #expect(megabyte.scaled(by: 3) == Size(bytes: 3_000_000))
        #expect(megabyte.scaled(by: 0.5) == Size(bytes: 500_000))
        #expect(megabyte.divided(by: 3) == Size(bytes: 333_333))
        #expect(Size(bytes: .max).adding(Size(bytes: 1)) == nil)
        #expect(Size(bytes: .min).subtracting(Size(bytes: 1)) == nil)
        #expect(Size(bytes: .max).scaled(by: 2) == nil && Size(bytes: .min).scaled(by: -1) == nil)
        #expect(megabyte.scaled(by: .nan) == nil && megabyte.scaled(by: -.infinity) == nil)
        #expect(Size(bytes: .max).scaled(by: 1.0) == nil, "2⁶³ - 1 is 2⁶³ as a Double, which does not fit")
        #expect(megabyte.divided(by: 0) == nil && Size(bytes: .min).divided(by: -1) == nil)
    }

    static let hints: [(String, String?)] = [
        ("5", "write 5B for bytes"), ("5mb", "write 5MB"), ("5G", "write 5GB"), ("5gib", "write 5GiB"),
        ("5Ki", "write 5KiB"),
        ("1.5GB", "write it in a smaller unit, without a fraction"), ("5PB", nil), ("MB", nil),
    ]

    @Test("says what to write", arguments: hints)
    func hint(_ text: String, _ hint: String?) {
        let error = #expect(throws: ValueError.self) { try Size(parsing: text) }
        #expect(error?.hint == hint)
        #expect(
            error?.message
                == "size must be a whole number and a unit (B KB MB GB TB, KiB MiB GiB TiB), but is \"\(text)\"")
    }
}
