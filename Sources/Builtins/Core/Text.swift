internal import Lang

// What the members of `Str` do, on Swift's own strings.

extension String {
    /// The parts between `separator`: characters for an empty one, words between white space for none.
    func parts(between separator: String?) throws -> [String] {
        guard let separator else {
            return unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map(String.init)
        }
        if separator.isEmpty { return unicodeScalars.map(String.init) }
        return pieces(between: separator).map { String(Substring($0)) }
    }

    /// At most one empty line less than there are line ends: the last line needs none.
    var linesWithoutEnds: [String] {
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
        let pieces = pieces(between: old)
        try checkTextSize(new.utf8.count, times: pieces.count - 1, besides: utf8.count)
        var result = ""
        result.reserveCapacity(utf8.count + (new.utf8.count - old.utf8.count) * (pieces.count - 1))
        for (position, piece) in pieces.enumerated() {
            if position > 0 { result += new }
            result += Substring(piece)
        }
        return result
    }

    /// What must be added for `length` characters.
    func padding(to length: Int, with fill: String) throws -> String {
        guard fill.unicodeScalars.count == 1 else { throw RuntimeError(.value, .padding(fill)) }
        let missing = max(0, length - unicodeScalars.count)
        try checkTextSize(fill.utf8.count, times: missing, besides: utf8.count)
        return String(repeating: fill, count: missing)
    }

    private func pieces(between separator: String) -> [Substring.UTF8View] {
        var pieces: [Substring.UTF8View] = []
        var start = 0
        var startIndex = utf8.startIndex
        while let found = findBytes(of: separator, in: self, from: start) {
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
}
