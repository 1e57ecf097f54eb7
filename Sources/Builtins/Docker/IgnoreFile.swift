import Lang

/// What a `.dockerignore` file keeps out of a build, as BuildKit reads it: of the lines that fit a path or a directory it is in,
/// the last decides; `!` takes in again. Paths are relative to the context.
struct IgnoreFile: Sendable {
    private struct Rule {
        let pattern: LinearRegex
        let takesIn: Bool
    }

    private let rules: [Rule]
    /// Where something may be taken in again, a directory that is kept out has to be looked into all the same.
    let hasExceptions: Bool

    /// - Throws: `ValueError` for a pattern that is none, such as one with a `[` that is not closed.
    init(_ text: String) throws {
        rules = try text.split(whereSeparator: \.isNewline).map { String($0).trimmed }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
            .map { line in
                let takesIn = line.hasPrefix("!")
                return Rule(
                    pattern: try LinearRegex(Self.expression(takesIn ? String(line.dropFirst()) : line)),
                    takesIn: takesIn)
            }
        hasExceptions = rules.contains(where: \.takesIn)
    }

    func keepsOut(_ path: String) -> Bool {
        rules.last { $0.pattern.matches(path) }.map { !$0.takesIn } ?? false
    }

    /// The pattern as a regular expression that fits it and everything below it.
    private static func expression(_ pattern: String) -> String {
        let parts = pattern.split(separator: "/").filter { $0 != "." }
        var result = "^"
        for (position, part) in parts.enumerated() {
            let isLast = position == parts.count - 1
            if part == "**" {
                result += isLast ? ".*" : "(.*/)?"
            } else {
                result += expression(part: part) + (isLast ? "" : "/")
            }
        }
        return result + "(/.*)?$"
    }

    private static func expression(part: Substring) -> String {
        var result = ""
        var isClass = false
        for scalar in part.unicodeScalars {
            switch scalar {
            case "[": isClass = true
            case "]": isClass = false
            case "*" where !isClass:
                result += "[^/]*"
                continue
            case "?" where !isClass:
                result += "[^/]"
                continue
            case ".", "+", "(", ")", "|", "^", "$", "{", "}": if !isClass { result += "\\" }
            default: break
            }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
