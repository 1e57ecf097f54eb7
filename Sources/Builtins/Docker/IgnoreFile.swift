import Lang

/// What a `.dockerignore` file keeps out of a build, as BuildKit reads it: of the lines that fit a path or a directory it is in,
/// the last decides; `!` takes in again. Paths are relative to the context.
struct IgnoreFile: Sendable {
    private struct Rule {
        let pattern: IgnorePattern
        let takesIn: Bool
    }

    /// A line that has no pattern that can be read.
    struct Mistake: Error, Hashable {
        /// Counted from 1.
        let line: Int
        let text: String
    }

    private let rules: [Rule]
    /// Where something may be taken in again, a directory that is kept out has to be looked into all the same.
    let hasExceptions: Bool

    init(_ text: String) throws(Mistake) {
        var rules: [Rule] = []
        let text = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // A comment begins with the line; behind a blank the same is a pattern.
        for (number, bytes) in lines.enumerated() where bytes.first != UInt8(ascii: "#") {
            let line = String(Substring(bytes)).trimmed
            if line.isEmpty { continue }
            let takesIn = line.hasPrefix("!")
            let pattern = takesIn ? String(line.dropFirst()).trimmed : line
            guard !pattern.isEmpty, let pattern = IgnorePattern(pattern) else {
                throw Mistake(line: number + 1, text: line)
            }
            rules.append(Rule(pattern: pattern, takesIn: takesIn))
        }
        self.rules = rules
        hasExceptions = rules.contains(where: \.takesIn)
    }

    func keepsOut(_ path: String) -> Bool { rules.last { $0.pattern.fits(path) }.map { !$0.takesIn } ?? false }
}
