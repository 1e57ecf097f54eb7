import Lang

/// Whether the formatter keeps its promises about a text.
package enum FormatCheck {
    package static func format(_ text: String) throws -> String {
        try Formatter.format(SourceFile(name: "test.rel", text: text)).get()
    }

    /// What is wrong with the formatted text; nil if nothing is, or if the text does not parse.
    package static func problem(_ text: String) -> String? {
        let (tree, diagnostics) = parse(text)
        guard diagnostics.isEmpty else { return nil }
        guard let formatted = try? format(text) else { return "it was not formatted" }
        let (formattedTree, findings) = parse(formatted)
        if let finding = findings.first { return "it does not parse any more: \(finding.message.id)\n\(formatted)" }
        if TreeDump.text(tree) != TreeDump.text(formattedTree) { return "the tree is another one:\n\(formatted)" }
        if content(text) != content(formatted) { return "something was lost or added:\n\(formatted)" }
        guard let again = try? format(formatted) else { return "it was not formatted again" }
        return again == formatted ? nil : "formatting again changes it:\n\(formatted)\n\(again)"
    }

    private static func parse(_ text: String) -> (tree: FileTree, diagnostics: [Diagnostic]) {
        Parser.parse(SourceFile(name: "test.rel", text: text))
    }

    /// All that must be there afterwards and in the same order, comments included: everything but blanks, the ends of
    /// lines, and separators.
    private static func content(_ text: String) -> [UInt8] {
        let blanks = Set(" \t\n\r,;\\".utf8)
        let bytes = Array(text.utf8)
        return bytes.dropFirst(bytes.starts(with: "\u{FEFF}".utf8) ? 3 : 0).filter { !blanks.contains($0) }
    }
}

/// Changes texts the way a writer might: breaks and joins lines, adds comments, brackets and separators. The same numbers
/// every time.
package struct FormatMutation: RandomNumberGenerator {
    private var state: UInt64
    package init(seed: UInt64) { state = seed }

    private static let insertions = [
        "\n", " ", " # c\n", "\n\n", "\n## d\n", ";", ",", "(", ")", "\\\n", "\t", "\r\n", "# e, f;\n", "-", "not ",
        " { ",
        " }", "{ $ a }", "$(", "\"\"\"\n  x\n  \"\"\"", ".b", "[", "]", " and ", "..", "fn() { $ x }", "1", "...",
        "if a { b } else { c }", "| ", "\n\n\n# g\n\n", "{a: 1}", "{ a; b }", " => ", "match x { 1 => a, 2 => b }",
    ].map { Array($0.utf8) }

    package mutating func mutated(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &self) {
            let places = bytes.indices.filter { " ,({\n".utf8.contains(bytes[$0]) }
            let anywhere = Int.random(in: 0...bytes.count, using: &self)
            let place = places.randomElement(using: &self).map { $0 + 1 } ?? anywhere
            switch Int.random(in: 0..<6, using: &self) {
            case 0: bytes.removeSubrange(anywhere..<min(anywhere + 3, bytes.count))
            case 1: if place > 0 { bytes[place - 1] = UInt8(ascii: " ") }
            case 2: bytes.insert(contentsOf: Self.insertions.randomElement(using: &self) ?? [], at: anywhere)
            default: bytes.insert(contentsOf: Self.insertions.randomElement(using: &self) ?? [], at: place)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
