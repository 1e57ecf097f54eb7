import Testing

@testable import Lang

@Suite("A version, by semver 2.0.0")
struct VersionTests {
    /// The valid list behind the regular expression that semver.org suggests.
    static let valid = [
        "0.0.4", "1.2.3", "10.20.30", "1.1.2-prerelease+meta", "1.1.2+meta", "1.1.2+meta-valid", "1.0.0-alpha",
        "1.0.0-beta", "1.0.0-alpha.beta", "1.0.0-alpha.beta.1", "1.0.0-alpha.1", "1.0.0-alpha0.valid",
        "1.0.0-alpha.0valid", "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay", "1.0.0-rc.1+build.1",
        "2.0.0-rc.1+build.123", "1.2.3-beta", "10.2.3-DEV-SNAPSHOT", "1.2.3-SNAPSHOT-123", "1.0.0", "2.0.0", "1.1.7",
        "2.0.0+build.1848", "2.0.1-alpha.1227", "1.0.0-alpha+beta", "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
        "1.2.3----R-S.12.9.1--.12+meta", "1.2.3----RC-SNAPSHOT.12.9.1--.12", "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
        "1.0.0-0A.is.legal",
        // The examples of §9 and §10.
        "1.0.0-0.3.7", "1.0.0-x.7.z.92", "1.0.0-x-y-z.--", "1.0.0-alpha+001", "1.0.0+20130313144700",
        "1.0.0-beta+exp.sha.5114f85", "1.0.0+21AF26D3----117B344092BD",
        "9223372036854775807.0.0-99999999999999999999999",
    ]

    /// The invalid list, and texts that are meant to deceive.
    static let invalid = [
        "1", "1.2", "1.2.3-0123", "1.2.3-0123.0123", "1.1.2+.123", "+invalid", "-invalid", "-invalid+invalid",
        "-invalid.01", "alpha", "alpha.beta", "alpha.beta.1", "alpha.1", "alpha+beta", "alpha_beta", "alpha.",
        "alpha..",
        "beta", "1.0.0-alpha_beta", "-alpha.", "1.0.0-alpha..", "1.0.0-alpha..1", "1.0.0-alpha...1",
        "1.0.0-alpha....1", "1.0.0-alpha.....1", "1.0.0-alpha......1", "1.0.0-alpha.......1", "01.1.1", "1.01.1",
        "1.1.01", "1.2.3.DEV", "1.2-SNAPSHOT", "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788", "1.2-RC-SNAPSHOT",
        "-1.0.3-gamma+b7718", "+justmeta", "9.8.7+meta+meta", "9.8.7-whatever+meta+meta",
        "99999999999999999999999.999999999999999999.99999999999999999----RC-SNAPSHOT.12.09.1----------------..12",
        "", " ", "1.2.3 ", "\n1.2.3", "1.2.3\r\n", "v1.2.3", "1.2.3-", "1.2.3+", "1.2.3-+b", "1..3", "1.2.3.", ".1.2.3",
        "1.2.3\0", "1.2.\u{0663}", "1.2.3-\u{FF11}", "1.2.3-é", "1.2.3-e\u{301}", "1.2.3\u{301}", "1.2.3-🚀",
        "1.2.3-rc.1\u{200B}", "+1.2.3", "1.+2.3", "9223372036854775808.0.0",
        String(repeating: "v", count: 200_000), String(repeating: "1.", count: 200_000),
    ]

    @Test("reads and writes every valid text unchanged", arguments: valid)
    func roundTrip(_ text: String) throws {
        let version = try Version(parsing: text)
        #expect(version.description == text)
        #expect(
            try Version(
                major: version.major, minor: version.minor, patch: version.patch, prerelease: version.prerelease,
                build: version.build) == version)
    }

    @Test("refuses every invalid text", arguments: invalid)
    func refusal(_ text: String) {
        let error = #expect(throws: ValueError.self) { try Version(parsing: text) }
        #expect(error?.message.contains(" must be ") == true)
        #expect((error?.message.count ?? 0) < 300)
    }

    @Test("knows its parts")
    func parts() throws {
        let version = try Version(parsing: "1.22.333-rc.1-x+exp.sha-5")
        #expect(version.major == 1 && version.minor == 22 && version.patch == 333)
        #expect(version.prerelease == "rc.1-x" && version.build == "exp.sha-5")
        let plain = try Version(parsing: "1.2.3+a-b")
        #expect(plain.prerelease == nil && plain.build == "a-b")
    }

    @Test("refuses parts that the grammar does not have")
    func badParts() {
        #expect(throws: ValueError.self) { try Version(major: -1, minor: 0, patch: 0) }
        #expect(throws: ValueError.self) { try Version(major: 1, minor: 0, patch: 0, prerelease: "") }
        #expect(throws: ValueError.self) { try Version(major: 1, minor: 0, patch: 0, prerelease: "01") }
        #expect(throws: ValueError.self) { try Version(major: 1, minor: 0, patch: 0, prerelease: "a+b") }
        #expect(throws: ValueError.self) { try Version(major: 1, minor: 0, patch: 0, build: "a+b") }
        #expect(throws: Never.self) { try Version(major: 1, minor: 0, patch: 0, prerelease: "-", build: "01") }
    }

    static let orders = [
        // §11.2 to §11.4
        ["1.0.0", "2.0.0", "2.1.0", "2.1.1"],
        [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0",
        ],
        // Numbers of any length, and ASCII order: capitals before small letters.
        [
            "1.0.0-0", "1.0.0-9", "1.0.0-10", "1.0.0-18446744073709551615", "1.0.0-18446744073709551616",
            "1.0.0-99999999999999999999999999", "1.0.0--", "1.0.0--1", "1.0.0-A", "1.0.0-Z", "1.0.0-a", "1.0.0-a-",
            "1.0.0-a0", "1.0.0-z",
        ],
        ["1.9.0", "1.10.0", "1.11.0"],
        ["1.0.0-rc.1", "1.0.0", "1.0.1-rc.1"],
    ]

    @Test("is ordered by precedence", arguments: orders)
    func precedence(_ chain: [String]) throws {
        let versions = try chain.map { text throws in try Version(parsing: text) }
        for (i, left) in versions.enumerated() {
            for (j, right) in versions.enumerated() {
                #expect(left.comparePrecedence(right) == (i < j ? -1 : i > j ? 1 : 0), "\(left) and \(right)")
                #expect(left.precedes(right) == (i < j))
                #expect((left < right) == (i < j))
            }
        }
    }

    @Test("takes the build for a difference, but not for an order")
    func build() throws {
        let left = try Version(parsing: "1.0.0+a")
        let right = try Version(parsing: "1.0.0+b")
        #expect(left != right)
        #expect(left.comparePrecedence(right) == 0)
        #expect(!left.precedes(right) && !right.precedes(left))
    }

    static let bumps: [(String, Version.Part, String)] = [
        ("1.4.2", .major, "2.0.0"), ("1.4.2", .minor, "1.5.0"), ("1.4.2", .patch, "1.4.3"),
        ("1.4.2+build", .patch, "1.4.3"), ("0.0.0", .major, "1.0.0"),
        ("2.0.0-rc.1", .major, "2.0.0"), ("2.1.0-rc.1", .major, "3.0.0"), ("2.0.1-rc.1", .major, "3.0.0"),
        ("1.2.0-rc.1", .minor, "1.2.0"), ("1.2.3-rc.1", .minor, "1.3.0"), ("2.0.0-rc.1", .minor, "2.0.0"),
        ("1.2.3-rc.1", .patch, "1.2.3"), ("1.2.0-rc.1+b", .patch, "1.2.0"),
    ]

    @Test("is raised, or released from a prerelease of the target", arguments: bumps)
    func bumped(_ from: String, _ part: Version.Part, _ to: String) throws {
        #expect(try Version(parsing: from).bumped(part) == Version(parsing: to))
    }

    @Test("is not raised beyond the largest number")
    func bumpOverflow() throws {
        let version = try Version(major: .max, minor: .max, patch: .max)
        for part in Version.Part.allCases {
            #expect(throws: ValueError.self) { try version.bumped(part) }
        }
    }

    static let messages: [(String, String, String?)] = [
        (
            "v1.2.3", "version must be major.minor.patch with an optional -prerelease and +build, but is \"v1.2.3\"",
            "leave out the leading \"v\""
        ),
        (
            "1.2-rc.1",
            "version must be major.minor.patch with an optional -prerelease and +build, but is \"1.2-rc.1\"",
            "write 1.2.0-rc.1"
        ),
        ("7", "version must be major.minor.patch with an optional -prerelease and +build, but is \"7\"", "write 7.0.0"),
        (
            "1.2.3 ", "version must be major.minor.patch with an optional -prerelease and +build, but is \"1.2.3 \"",
            "leave out the space around it"
        ),
        ("01.2.3", "major version number must be without leading zeros, but is \"01\"", nil),
        (
            "1.9223372036854775808.3",
            "minor version number must be at most 9223372036854775807, but is \"9223372036854775808\"", nil
        ),
        ("1.2.3-01", "prerelease number of a version must be without leading zeros, but is \"01\"", nil),
    ]

    @Test("says what is wrong and what to write", arguments: messages)
    func message(_ text: String, _ message: String, _ hint: String?) {
        #expect(throws: ValueError(message: message, hint: hint)) { try Version(parsing: text) }
    }

    static let quotes: [(String, String)] = [
        ("", "\"\""), ("a\"b\\c", "\"a\\\"b\\\\c\""), ("a\r\nb\tc", "\"a\\r\\nb\\tc\""),
        ("\0\u{1B}[2J", "\"\\u{0}\\u{1B}[2J\""),
        ("a\u{202E}b", "\"a\\u{202E}b\""), ("\u{301}e\u{301}", "\"\\u{301}e\u{301}\""), ("🚀", "\"🚀\""),
        (String(repeating: "x", count: 80), "\"" + String(repeating: "x", count: 80) + "\""),
        (String(repeating: "x", count: 81), "\"" + String(repeating: "x", count: 80) + "\"…"),
        (String(repeating: "\0", count: 81), "\"" + String(repeating: "\\u{0}", count: 16) + "\"…"),
    ]

    @Test("is quoted in a message such that it cannot deceive", arguments: quotes)
    func quote(_ text: String, _ quoted: String) {
        #expect(Array(ValueError.quote(text).unicodeScalars) == Array(quoted.unicodeScalars))
    }
}
