internal import Lang

enum TextPart {
    /// The bytes that a short text takes as an item of a list: the object, and its place in the list twice, once as Swift's
    /// own and once as the language's.
    static let smallSize = 80
}

// What the members of `Str` do, on Swift's own strings.

extension String {
    /// The parts between `separator`: characters for an empty one, words between white space for none.
    func parts(between separator: String?) throws -> [String] {
        guard let separator else {
            try Work.reserve(utf8.count)
            var work = WorkCount(pieceOf: 64)
            let words = try unicodeScalars.split { scalar in
                try work.next()
                return scalar.properties.isWhitespace
            }
            try checkParts(words.count)
            return words.map(String.init)
        }
        if separator.isEmpty {
            try checkParts(unicodeScalars.count)
            return unicodeScalars.map(String.init)
        }
        return try pieces(between: separator).map { String(Substring($0)) }
    }

    /// At most one empty line less than there are line ends: the last line needs none.
    func linesWithoutEnds() throws -> [String] {
        try Work.spend(utf8.count)
        try checkParts(utf8.count { $0 == UInt8(ascii: "\n") })
        var lines = utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { line in
            String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
    }

    var trimmed: String {
        let start = unicodeScalars.drop(while: \.properties.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    func replacing(_ old: String, by new: String) throws -> String {
        if old.isEmpty { throw RuntimeError(.value, .emptyText("old", of: "replace")) }
        let pieces = try pieces(between: old)
        try checkTextSize(new.utf8.count, times: pieces.count - 1, besides: utf8.count)
        var result = ""
        result.reserveCapacity(utf8.count + (new.utf8.count - old.utf8.count) * (pieces.count - 1))
        for (position, piece) in pieces.enumerated() {
            if position > 0 { result += new }
            result += Substring(piece)
        }
        return result
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

    private func pieces(between separator: String) throws -> [Substring.UTF8View] {
        var pieces: [Substring.UTF8View] = []
        var start = 0
        var startIndex = utf8.startIndex
        while let found = try findBytes(of: separator, in: self, from: start) {
            if pieces.count.isMultiple(of: 1024) { try checkParts(pieces.count) }
            let end = utf8.index(startIndex, offsetBy: found - start)
            pieces.append(self[startIndex..<end].utf8)
            start = found + separator.utf8.count
            startIndex = utf8.index(end, offsetBy: separator.utf8.count)
        }
        pieces.append(self[startIndex...].utf8)
        return pieces
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
