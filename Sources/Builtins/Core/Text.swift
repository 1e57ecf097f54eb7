internal import Lang

enum TextPart {
    /// The bytes that a short text takes as an item of a list: the object, and its place in the list twice, once as Swift's
    /// own and once as the language's.
    static let smallSize = 80
}

// What the members of `Str` do, on Swift's own strings; what goes over bytes is done by the machine's own text.

extension StringObject {
    /// The parts between `separator`: characters for an empty one, words between white space for none.
    func split(by separator: String?) throws -> Texts {
        guard let separator else { return Texts(try text.words()) }
        return separator.isEmpty ? Texts(try text.characters()) : Texts(values: try parts(between: separator))
    }

    func upper() throws -> Text {
        try Text(string: changingCase(toUpper: true) ?? StringObject(text.changingCase { $0.uppercased() }))
    }

    func lower() throws -> Text {
        try Text(string: changingCase(toUpper: false) ?? StringObject(text.changingCase { $0.lowercased() }))
    }

    func withEvery(_ old: String, replacedBy new: String) throws -> Text {
        if old.isEmpty { throw RuntimeError(.value, .emptyText("old", of: "replace")) }
        return Text(string: try replacing(old, by: new) ?? self)
    }
}

extension String {
    /// The words between white space.
    func words() throws -> [String] {
        try Work.reserve(utf8.count)
        var work = WorkCount(pieceOf: 64)
        let words = try unicodeScalars.split { scalar in
            try work.next()
            return scalar.properties.isWhitespace
        }
        try checkParts(words.count)
        return words.map(String.init)
    }

    func characters() throws -> [String] {
        try checkParts(unicodeScalars.count)
        return unicodeScalars.map(String.init)
    }

    /// Without white space at either end, as `Str.trim` has it.
    package var trimmed: String {
        let start = unicodeScalars.drop(while: \.properties.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    /// In pieces, so that a long text can be given up half-way. Case changes scalar by scalar.
    func changingCase(_ change: (String) -> String) throws -> String {
        var result = ""
        var rest = unicodeScalars[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 16)
            try Work.spend(1 << 20)
            result += change(String(piece))
            try Work.reserve(result.utf8.count)
            rest = rest[piece.endIndex...]
        }
        return result
    }

    /// What must be added for `length` characters.
    func padding(to length: Int, with fill: String) throws -> String {
        guard fill.unicodeScalars.count == 1 else { throw RuntimeError(.value, .padding(fill)) }
        let missing = max(0, length - unicodeScalars.count)
        try checkTextSize(fill.utf8.count, times: missing, besides: utf8.count)
        return try fill.repeated(missing)
    }

    /// In blocks: one at a time takes seconds where there are many.
    func repeated(_ count: Int) throws -> String {
        let size = utf8.count
        if size == 0 { return "" }
        let inBlock = max(1, (1 << 16) / size)
        if count <= inBlock { return String(repeating: self, count: count) }
        let block = String(repeating: self, count: inBlock)
        var result = ""
        result.reserveCapacity(size * count)
        for _ in 0..<(count / inBlock) {
            try Work.spend(block.utf8.count)
            result += block
        }
        return result + String(repeating: self, count: count % inBlock)
    }
}

/// Refuses text that would become larger than a `Str` may be.
func checkTextSize(_ bytes: Int, times count: Int, besides others: Int = 0) throws {
    let (product, overflow) = bytes.multipliedReportingOverflow(by: count)
    guard !overflow, product <= ValueLimits.textBytes - others else {
        throw RuntimeError(.limit, ValueLimits.textMessage)
    }
    try Work.reserve(product + others)
}

/// Refuses to take a text apart into more parts than a `List` may have, or than there is memory for.
func checkParts(_ count: Int) throws {
    guard count <= ValueLimits.listItems else { throw RuntimeError(.limit, ValueLimits.listMessage) }
    try Work.reserve(count * TextPart.smallSize)
}
