import Lang

/// Whether something of a real run is what was planned: equal but for the marks, each of which stands in its place for what has
/// become known since.
struct PlanMatch {
    /// The digests that have become known, by number.
    private(set) var known: [Int: String]

    init(known: [Int: String] = [:]) { self.known = known }

    private enum Piece {
        case text([UInt8])
        case digest(Int)
        case anything
    }

    /// - Parameters:
    ///   - planned: JSON, as `PlanWriting` gives it.
    ///   - real: the same, of a real run.
    mutating func matches(planned: Value, real: Value) -> Bool {
        if planned.asMap?["$"]?.asString == "Unknown" { return true }
        if let planned = planned.asString {
            guard let real = real.asString else { return false }
            return matches(planned, real)
        }
        if let items = planned.asList {
            guard let others = real.asList, items.count == others.count else { return false }
            for (item, other) in zip(items, others) where !matches(planned: item, real: other) { return false }
            return true
        }
        if let map = planned.asMap {
            guard let other = real.asMap, map.count == other.count else { return false }
            for (key, value) in map {
                guard let value2 = other[key], matches(planned: value, real: value2) else { return false }
            }
            return true
        }
        return Value.equal(planned, real)
    }

    /// The words of a command. A mark that is all of a word of the recipe stands for any number of arguments, as a list gives.
    mutating func matches(planned: Plan.Stage, real: Plan.Stage) -> Bool {
        guard planned.words.count == real.words.count, planned.environment.count == real.environment.count else {
            return false
        }
        for (planned, real) in zip(planned.words, real.words) {
            if planned.count == 1, case .anything? = Self.pieces(planned[0]).only { continue }
            guard planned.count == real.count else { return false }
            for (planned, real) in zip(planned, real) where !matches(planned, real) { return false }
        }
        for (name, text) in planned.environment {
            guard let other = real.environment[name], matches(text, other) else { return false }
        }
        return true
    }

    /// One text, which is one argument where it comes from a command.
    mutating func matches(_ planned: String, _ real: String) -> Bool {
        if planned == real { return true }
        var trial = known
        guard Self.match(Self.pieces(planned)[...], Array(real.utf8)[...], &trial) else { return false }
        known = trial
        return true
    }

    private static func match(
        _ pieces: ArraySlice<Piece>, _ text: ArraySlice<UInt8>, _ known: inout [Int: String]
    ) -> Bool {
        guard let piece = pieces.first else { return text.isEmpty }
        let rest = pieces.dropFirst()
        switch piece {
        case .text(let bytes):
            return text.starts(with: bytes) && match(rest, text.dropFirst(bytes.count), &known)
        case .digest(let number):
            if let digest = known[number] {
                return text.starts(with: digest.utf8) && match(rest, text.dropFirst(digest.utf8.count), &known)
            }
            // `sha256:` and 64 digits; one of another algorithm has no place in an image's name.
            let candidate = String(decoding: text.prefix(71), as: UTF8.self)
            guard let digest = try? Digest(parsing: candidate), digest.algorithm == "sha256" else { return false }
            var trial = known
            trial[number] = candidate
            guard match(rest, text.dropFirst(71), &trial) else { return false }
            known = trial
            return true
        case .anything:
            if rest.isEmpty { return true }
            for end in text.startIndex...text.endIndex {
                var trial = known
                if match(rest, text[end...], &trial) {
                    known = trial
                    return true
                }
            }
            return false
        }
    }

    private static func pieces(_ text: String) -> [Piece] {
        let open = Array("‹".utf8)
        let close = Array("›".utf8)
        let bytes = Array(text.utf8)
        var pieces: [Piece] = []
        var plain: [UInt8] = []
        var position = 0
        func starts(_ mark: [UInt8], at position: Int) -> Bool { bytes[position...].starts(with: mark) }
        while position < bytes.count {
            guard starts(open, at: position), !starts(open, at: position + open.count) else {
                // A doubled one stays so: the real text is written in the same way.
                let count = starts(open, at: position) ? 2 * open.count : 1
                plain += bytes[position..<position + count]
                position += count
                continue
            }
            var end = position
            while end < bytes.count, !starts(close, at: end) { end += 1 }
            let inside = String(decoding: bytes[(position + open.count)..<min(end, bytes.count)], as: UTF8.self)
            let piece = mark(inside)
            end = min(end + close.count, bytes.count)
            if let piece {
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = []
                pieces.append(piece)
            } else {
                plain += bytes[position..<end]
            }
            position = end
        }
        return plain.isEmpty ? pieces : pieces + [.text(plain)]
    }

    /// Nil for a mark that stands for itself, as that of the project's directory.
    private static func mark(_ inside: String) -> Piece? {
        if inside.hasPrefix("?: ") { return .anything }
        guard let colon = inside.firstIndex(of: ":"), let number = Int(inside[..<colon]) else { return nil }
        return .digest(number)
    }
}

extension Array {
    /// The one item there is.
    fileprivate var only: Element? { count == 1 ? self[0] : nil }
}
