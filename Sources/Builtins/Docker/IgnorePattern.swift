import Lang

/// One pattern of a `.dockerignore` file, by the rules of [patternmatcher](https://github.com/moby/patternmatcher), which BuildKit
/// reads them with: those of Go's `filepath.Match`, and `**`.
struct IgnorePattern: Sendable {
    private let expression: LinearRegex

    /// - Parameter text: without blanks around it and without `!`.
    /// - Returns: nil for what is no pattern, such as a `[` that is not closed.
    init?(_ text: String) {
        var pattern = Path.normalised(text)[...]
        // What begins at the root begins at the context's.
        if pattern.hasPrefix("/") { pattern = pattern.dropFirst() }
        let scalars = Array(pattern.unicodeScalars)
        guard Self.isPattern(scalars) else { return nil }
        guard let expression = try? LinearRegex(Self.expression(scalars)) else { return nil }
        self.expression = expression
    }

    /// Whether it fits a path, or a directory that the path is in.
    func fits(_ path: String) -> Bool { expression.matches(path) }

    // MARK: - What is a pattern

    private static func isPattern(_ scalars: [Unicode.Scalar]) -> Bool {
        var position = 0
        while position < scalars.count {
            switch scalars[position] {
            case "\\":
                position += 2
                if position > scalars.count { return false }
            case "[":
                guard let end = classEnd(scalars, position) else { return false }
                position = end
            default: position += 1
            }
        }
        return true
    }

    /// Where a set of characters ends: `[^a-z\]]`. Nil where it is none.
    private static func classEnd(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
        var position = start + 1
        func at(_ position: Int) -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
        /// A single one, which may stand behind a `\`.
        func takeCharacter() -> Bool {
            if at(position) == "\\" {
                position += 1
            } else if at(position) == "-" || at(position) == "]" {
                return false
            }
            position += 1
            return position < scalars.count
        }
        if at(position) == "^" { position += 1 }
        var isEmpty = true
        while isEmpty || at(position) != "]" {
            guard takeCharacter() else { return nil }
            isEmpty = false
            guard at(position) == "-" else { continue }
            position += 1
            guard takeCharacter() else { return nil }
        }
        return position + 1
    }

    // MARK: - As a regular expression

    private static func expression(_ scalars: [Unicode.Scalar]) -> String {
        var result = "^"
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            switch scalar {
            case "*" where position < scalars.count && scalars[position] == "*":
                let isFirst = position == 1
                position += 1
                let isWhole = position < scalars.count && scalars[position] == "/"
                if isWhole { position += 1 }
                // At the beginning of what is otherwise plain, it stands for any beginning: `**.pem`.
                let isBeginning = isFirst && !isWhole && !scalars[position...].contains(where: isSpecial)
                result += position == scalars.count || isBeginning ? ".*" : "(.*/)?"
            case "*": result += "[^/]*"
            case "?": result += "[^/]"
            case "[":
                let end = classEnd(scalars, position - 1) ?? scalars.count
                for scalar in scalars[(position - 1)..<end] { result.unicodeScalars.append(scalar) }
                position = end
            case "\\":
                result += literal(scalars[position])
                position += 1
            default: result += literal(scalar)
            }
        }
        return result + "(/.*)?$"
    }

    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool { "*?[]\\".unicodeScalars.contains(scalar) }

    private static func literal(_ scalar: Unicode.Scalar) -> String {
        "\\.+*?()|[]{}^$".unicodeScalars.contains(scalar) ? "\\\(scalar)" : String(scalar)
    }
}
