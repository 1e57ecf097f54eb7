/// An identity taken apart: the place of each parent in the one around it, `file:offset>file:offset`, and which occurrence of it.
struct PlanIdentity: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case call(chain: String, occurrence: Int)
        /// Of `parallel`.
        case branch(Int)
    }

    let parts: [Part]

    init(_ path: String) {
        var parts: [Part] = []
        var rest = path[...]
        while rest.first == "/" {
            rest = rest.dropFirst()
            guard let (chain, occurrence, after) = Self.call(rest) else { break }
            parts.append(.call(chain: String(chain), occurrence: occurrence))
            rest = after
            while rest.first == "[", let end = rest.firstIndex(of: "]"), let branch = Int(rest[..<end].dropFirst()) {
                parts.append(.branch(branch))
                rest = rest[rest.index(after: end)...]
            }
        }
        self.parts = parts
    }

    /// Up to the first `#NUMBER` that ends a part; file names may hold a `/`.
    private static func call(_ text: Substring) -> (chain: Substring, occurrence: Int, rest: Substring)? {
        var from = text.startIndex
        while let hash = text[from...].firstIndex(of: "#") {
            let digits = text[text.index(after: hash)...].prefix { $0.isNumber }
            let after = text[digits.endIndex...]
            if let number = Int(digits), after.isEmpty || after.first == "/" || after.first == "[" {
                return (text[..<hash], number, after)
            }
            from = text.index(after: hash)
        }
        return nil
    }
}
