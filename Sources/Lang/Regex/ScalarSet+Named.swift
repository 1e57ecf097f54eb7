// The sets that a pattern names: `[[:alpha:]]` and `\p{Lu}`.

extension ScalarSet {
    /// A class of POSIX, which knows ASCII only.
    static func posix(_ name: String) -> ScalarSet? {
        switch name {
        case "alnum": ScalarSet([0x30...0x39, 0x41...0x5A, 0x61...0x7A])
        case "alpha": ScalarSet([0x41...0x5A, 0x61...0x7A])
        case "ascii": ScalarSet([0...0x7F])
        case "blank": ScalarSet([0x09...0x09, 0x20...0x20])
        case "cntrl": ScalarSet([0...0x1F, 0x7F...0x7F])
        case "digit": digits
        case "graph": ScalarSet([0x21...0x7E])
        case "lower": ScalarSet([0x61...0x7A])
        case "print": ScalarSet([0x20...0x7E])
        case "punct": ScalarSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E])
        case "space": ScalarSet([0x09...0x0D, 0x20...0x20])
        case "upper": ScalarSet([0x41...0x5A])
        case "word": word
        case "xdigit": ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
        default: nil
        }
    }

    /// A category of Unicode, or all that begin with its one letter.
    static func category(_ name: String) -> ScalarSet? {
        let names = categories.keys.filter { $0 == name || name.utf8.count == 1 && $0.hasPrefix(name) }
        return names.isEmpty ? nil : ScalarSet(names.flatMap { categories[$0] ?? [] })
    }

    /// Letters, marks, numbers, punctuation, symbols and separators. Made once, when it is first asked for.
    private static let categories: [String: [ClosedRange<UInt32>]] = {
        var found: [String: [ClosedRange<UInt32>]] = [:]
        var run: (name: String, range: ClosedRange<UInt32>)?
        // All other planes have none of these.
        for value in [0...UInt32(0x3FFFF), 0xE0000...0xE0FFF].joined() {
            let name = Unicode.Scalar(value).flatMap { abbreviation($0.properties.generalCategory) }
            if let last = run, last.name == name, last.range.upperBound + 1 == value {
                run?.range = last.range.lowerBound...value
                continue
            }
            if let last = run { found[last.name, default: []].append(last.range) }
            run = name.map { ($0, value...value) }
        }
        if let last = run { found[last.name, default: []].append(last.range) }
        return found
    }()

    private static func abbreviation(_ category: Unicode.GeneralCategory) -> String? {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        default: nil
        }
    }
}
