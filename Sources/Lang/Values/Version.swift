/// A semantic version, by [Semantic Versioning 2.0.0](https://semver.org/spec/v2.0.0.html).
///
/// Two versions are equal when all their parts are, build metadata included; they are ordered by precedence (§11), which
/// ignores it. So neither of `1.0.0+a` and `1.0.0+b` precedes the other, and yet they differ: for that reason a version
/// is not `Comparable`.
package struct Version: Sendable, Hashable, CustomStringConvertible {
    /// The first number: raised for changes that are not compatible (§8).
    package let major: Int
    /// The second number: raised for new, compatible functions (§7).
    package let minor: Int
    /// The third number: raised for compatible repairs (§6).
    package let patch: Int
    /// The dotted identifiers after the `-` (§9), nil when there are none.
    package let prerelease: String?
    /// The dotted identifiers after the `+` (§10), nil when there are none.
    package let build: String?

    /// One of the three numbers.
    package enum Part: String, Sendable, Hashable, CaseIterable {
        case major, minor, patch
    }

    /// The version with these parts, which must be what the grammar allows.
    package init(
        major: Int, minor: Int, patch: Int, prerelease: String? = nil, build: String? = nil
    ) throws(ValueError) {
        for (number, part) in [(major, Part.major), (minor, .minor), (patch, .patch)] where number < 0 {
            throw ValueError(message: "\(part.rawValue) version number must be 0 or more, but is \(number)")
        }
        if let prerelease { try Self.checkIdentifiers(prerelease, of: .prerelease) }
        if let build { try Self.checkIdentifiers(build, of: .build) }
        self.init(checkedMajor: major, minor: minor, patch: patch, prerelease: prerelease, build: build)
    }

    /// Reads a version such as `1.2.3-rc.1+build.5`: the whole grammar of the specification, and nothing besides.
    package init(parsing text: String) throws(ValueError) {
        let bytes = Array(text.utf8)
        let plus = bytes.firstIndex(of: UInt8(ascii: "+")) ?? bytes.endIndex
        let dash = bytes[..<plus].firstIndex(of: UInt8(ascii: "-")) ?? plus
        let core = bytes[..<dash].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard core.count == 3, core.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isDigit) }) else {
            throw ValueError(
                "version", mustBe: "major.minor.patch with an optional -prerelease and +build", butIs: text,
                hint: Self.hint(for: text, core: core, suffix: bytes[dash...])
            )
        }
        let prerelease = dash < plus ? String(decoding: bytes[(dash + 1)..<plus], as: UTF8.self) : nil
        let build = plus < bytes.endIndex ? String(decoding: bytes[(plus + 1)...], as: UTF8.self) : nil
        if let prerelease { try Self.checkIdentifiers(prerelease, of: .prerelease) }
        if let build { try Self.checkIdentifiers(build, of: .build) }
        self.init(
            checkedMajor: try Self.number(core[0], for: .major), minor: try Self.number(core[1], for: .minor),
            patch: try Self.number(core[2], for: .patch), prerelease: prerelease, build: build
        )
    }

    private init(checkedMajor major: Int, minor: Int, patch: Int, prerelease: String? = nil, build: String? = nil) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
        self.build = build
    }

    /// The version as it is written.
    package var description: String {
        "\(major).\(minor).\(patch)" + (prerelease.map { "-\($0)" } ?? "") + (build.map { "+\($0)" } ?? "")
    }

    /// The version that follows when `part` is raised: the lower parts become 0, prerelease and build are dropped.
    ///
    /// A prerelease of just such a version is released instead: `1.2.0-rc.1` becomes `1.2.0` for `minor`, `1.2.3-rc.1`
    /// becomes `1.2.3` for `patch`.
    package func bumped(_ part: Part) throws(ValueError) -> Version {
        let isPrerelease = prerelease != nil
        switch part {
        case .major:
            if isPrerelease && minor == 0 && patch == 0 { return Version(checkedMajor: major, minor: 0, patch: 0) }
            return Version(checkedMajor: try raised(major, part), minor: 0, patch: 0)
        case .minor:
            if isPrerelease && patch == 0 { return Version(checkedMajor: major, minor: minor, patch: 0) }
            return Version(checkedMajor: major, minor: try raised(minor, part), patch: 0)
        case .patch:
            if isPrerelease { return Version(checkedMajor: major, minor: minor, patch: patch) }
            return Version(checkedMajor: major, minor: minor, patch: try raised(patch, part))
        }
    }

    private func raised(_ number: Int, _ part: Part) throws(ValueError) -> Int {
        let (next, overflow) = number.addingReportingOverflow(1)
        if overflow {
            throw ValueError(
                message: "\(part.rawValue) version number must be below \(Int.max) to be raised, but is \(number)")
        }
        return next
    }
}

// MARK: - Precedence (§11)

extension Version {
    /// -1 when this version precedes the other, 1 when it follows it, 0 when they differ in build metadata at most (§11).
    package func comparePrecedence(_ other: Version) -> Int {
        for (mine, theirs) in [(major, other.major), (minor, other.minor), (patch, other.patch)] where mine != theirs {
            return mine < theirs ? -1 : 1
        }
        switch (prerelease, other.prerelease) {
        case (nil, nil): return 0
        case (nil, _): return 1
        case (_, nil): return -1
        case (let mine?, let theirs?): return Self.compareIdentifiers(mine, theirs)
        }
    }

    /// Whether this version has the lower precedence (§11).
    package func precedes(_ other: Version) -> Bool { comparePrecedence(other) < 0 }

    /// Whether the left version has the lower precedence (§11).
    package static func < (left: Version, right: Version) -> Bool { left.precedes(right) }

    private static func compareIdentifiers(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8).split(separator: UInt8(ascii: "."))
        let right = Array(right.utf8).split(separator: UInt8(ascii: "."))
        for (mine, theirs) in zip(left, right) {
            let order = compareIdentifier(mine, theirs)
            if order != 0 { return order }
        }
        return (left.count - right.count).signum()
    }

    private static func compareIdentifier(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        switch (left.allSatisfy(isDigit), right.allSatisfy(isDigit)) {
        case (true, false): return -1
        case (false, true): return 1
        case (true, true) where left.count != right.count:
            // There are no leading zeros, so the longer number is the larger, however long it is.
            return left.count < right.count ? -1 : 1
        default:
            if left.lexicographicallyPrecedes(right) { return -1 }
            return right.lexicographicallyPrecedes(left) ? 1 : 0
        }
    }
}

// MARK: - Grammar

extension Version {
    private enum Suffix: String {
        case prerelease, build
    }

    private static func number(_ digits: ArraySlice<UInt8>, for part: Part) throws(ValueError) -> Int {
        let text = String(decoding: digits, as: UTF8.self)
        if digits.count > 1 && digits.first == UInt8(ascii: "0") {
            throw ValueError("\(part.rawValue) version number", mustBe: "without leading zeros", butIs: text)
        }
        guard let number = Int(text) else {
            throw ValueError("\(part.rawValue) version number", mustBe: "at most \(Int.max)", butIs: text)
        }
        return number
    }

    private static func checkIdentifiers(_ text: String, of suffix: Suffix) throws(ValueError) {
        for identifier in Array(text.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard !identifier.isEmpty, identifier.allSatisfy({ isDigit($0) || isLetterOrDash($0) }) else {
                throw ValueError(
                    "\(suffix.rawValue) of a version",
                    mustBe: "identifiers of letters, digits and \"-\" with single dots between", butIs: text
                )
            }
            let hasLeadingZero = identifier.count > 1 && identifier.first == UInt8(ascii: "0")
            if suffix == .prerelease && hasLeadingZero && identifier.allSatisfy(isDigit) {
                throw ValueError("prerelease number of a version", mustBe: "without leading zeros", butIs: text)
            }
        }
    }

    /// What the writer of `text` may have meant, where that is plain.
    private static func hint(for text: String, core: [ArraySlice<UInt8>], suffix: ArraySlice<UInt8>) -> String? {
        let bytes = text.utf8
        if let first = bytes.first, first | 0x20 == UInt8(ascii: "v"), bytes.dropFirst().first.map(isDigit) == true,
            (try? Version(parsing: String(decoding: bytes.dropFirst(), as: UTF8.self))) != nil
        {
            return "leave out the leading \(ValueError.quote(String(decoding: [first], as: UTF8.self)))"
        }
        if bytes.first.map(isSpace) == true || bytes.last.map(isSpace) == true {
            return "leave out the space around it"
        }
        if (1...2).contains(core.count) {
            let missing = core.count == 1 ? ".0.0" : ".0"
            let padded = text.utf8.prefix(text.utf8.count - suffix.count)
            let completed = String(decoding: Array(padded) + Array(missing.utf8) + suffix, as: UTF8.self)
            if (try? Version(parsing: completed)) != nil { return "write \(completed)" }
        }
        return nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func isLetterOrDash(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == UInt8(ascii: "-")
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
