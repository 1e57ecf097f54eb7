/// A regular expression whose search takes time in proportion to the length of the text, whatever the pattern.
///
/// The syntax is that of [RE2](https://github.com/google/re2/wiki/Syntax) without `\Q…\E`, `\C`, octal codes, the flag `U`,
/// and of Unicode's classes those of scripts and of category C; the matching is that of Perl: the leftmost match, and of several there the one that the pattern prefers (`|` the left side, `*` more,
/// `*?` less); only where the body of a loop can match nothing may it prefer differently, as RE2 does. Text is a sequence
/// of Unicode scalars, not of characters: `.` matches either half of a CRLF. `\d \w \s \b` and `(?i)` know ASCII only.
package struct LinearRegex: Sendable, Hashable {
    /// The pattern as it was given.
    package let pattern: String
    /// The name of each group, in the order of `Match.groups`; nil for one without a name.
    package let groupNames: [String?]

    private let program: PatternProgram

    /// Part of a text that a regular expression matches.
    package struct Match: Sendable, Hashable {
        /// All of the match.
        package let text: String
        /// What each group matched last, from the first group on; nil for one that took no part.
        package let groups: [String?]
    }

    /// Reads a pattern; an error says what is wrong with it, and at which offset in Unicode scalars, counted from 0.
    package init(_ pattern: String) throws(ValueError) {
        var parser = PatternParser(pattern)
        let root = try parser.parse()
        self.pattern = pattern
        self.groupNames = parser.groupNames
        self.program = PatternProgram(root, groupCount: parser.groupNames.count)
    }

    /// The leftmost match, nil when there is none.
    package func firstMatch(in text: String) -> Match? {
        let scalars = text.unicodeScalars.map(\.value)
        var matcher = PatternMatcher(program, capturing: true)
        let found = matcher.search(scalars, from: 0) { _ in }
        return found.map { match(of: $0, in: scalars) }
    }

    /// All matches from left to right that do not overlap. An empty match right after another does not count.
    ///
    /// Each search takes linear time; a pattern that must look at the rest of the text for each of many matches, such as
    /// `a*b|a` on a text of `a`s, takes time in proportion to their product.
    ///
    /// - Parameter spend: told from time to time how much has been looked at, in bytes; what it throws ends the search.
    package func allMatches<Stop: Error>(in text: String, _ spend: (Int) throws(Stop) -> Void) throws(Stop) -> [Match] {
        try spend(Self.scalarSize * text.utf8.count)
        let scalars = text.unicodeScalars.map(\.value)
        var matcher = PatternMatcher(program, capturing: true)
        var matches: [Match] = []
        var position = 0
        var previousEnd = -1
        while position <= scalars.count, let slots = try matcher.search(scalars, from: position, spend) {
            let (start, end) = (slots[0], slots[1])
            if start < end || start != previousEnd {
                matches.append(match(of: slots, in: scalars))
            }
            previousEnd = end
            position = start < end ? end : end + 1
        }
        return matches
    }

    /// Whether the pattern matches anywhere in the text.
    ///
    /// - Parameter spend: as for `allMatches`.
    package func matches<Stop: Error>(_ text: String, _ spend: (Int) throws(Stop) -> Void) throws(Stop) -> Bool {
        try spend(Self.scalarSize * text.utf8.count)
        var matcher = PatternMatcher(program, capturing: false)
        return try matcher.search(text.unicodeScalars.map(\.value), from: 0, spend) != nil
    }

    package func allMatches(in text: String) -> [Match] { allMatches(in: text) { _ in } }

    package func matches(_ text: String) -> Bool { matches(text) { _ in } }

    private static let scalarSize = MemoryLayout<UInt32>.stride

    private func match(of slots: [Int], in scalars: [UInt32]) -> Match {
        func text(_ group: Int) -> String? {
            let (start, end) = (slots[2 * group], slots[2 * group + 1])
            guard start >= 0, end >= start else { return nil }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[start..<end].lazy.compactMap(Unicode.Scalar.init))
            return String(view)
        }
        return Match(text: text(0) ?? "", groups: groupNames.indices.map { text($0 + 1) })
    }
}
