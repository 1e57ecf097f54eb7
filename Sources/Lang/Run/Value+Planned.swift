// Values that a dry run knows in part: an image that is built by then has a name, and a digest that only a real run would know.

extension Value {
    /// Where the digest comes from that this value holds, and that only a real run would know.
    package func plannedOrigin(depth: Int = 3) -> String? {
        guard case .object(let object) = self else { return nil }
        switch object.tag {
        case .domain:
            switch asDomain {
            case .image(let image)?:
                guard image.digest?.plannedNumber != nil else { return nil }
                return "the id of \((try? image.with(digest: nil).familiar) ?? image.familiar)"
            case .digest(let digest)? where digest.plannedNumber != nil: return "a digest"
            default: return nil
            }
        case .list where depth > 0: return asList?.lazy.compactMap { $0.plannedOrigin(depth: depth - 1) }.first
        case .map where depth > 0: return asMap?.values.lazy.compactMap { $0.plannedOrigin(depth: depth - 1) }.first
        default: return nil
        }
    }

    /// What a pure function gives of such arguments in a dry run: unknown where the text of the digest shows in it.
    func resting(on arguments: [Value]) -> Value {
        guard let origin = arguments.lazy.compactMap({ $0.plannedOrigin() }).first else { return self }
        if case .digest? = arguments.first?.asDomain {
            if case .digest? = asDomain { return self }
            if case .image? = asDomain { return self }
            return .unknown(origin)
        }
        return asString?.contains(Digest.planned(0).description.dropLast(32)) == true ? .unknown(origin) : self
    }
}

extension DomainValue {
    /// Where it would come from whether they are equal, if only a real run would know.
    static func plannedEquality(_ left: DomainValue, _ right: DomainValue) -> String? {
        switch (left, right) {
        case (.image(let left), .image(let right)):
            guard left.name == right.name, left.tag == right.tag, let one = left.digest, let other = right.digest,
                one != other, one.plannedNumber != nil || other.plannedNumber != nil
            else { return nil }
            return "the id of \(left.name)"
        case (.digest(let left), .digest(let right)):
            return left != right && (left.plannedNumber != nil || right.plannedNumber != nil) ? "a digest" : nil
        default: return nil
        }
    }
}

/// How a value that only a real run would know stands in the words of a command, so that its place in them can be told.
package enum UnknownText {
    private static let open = "\u{F8D0}"
    private static let close = "\u{F8D1}"

    static func mark(_ origin: String) -> String { open + shown(origin) + close }

    package enum Piece: Sendable, Hashable {
        case text(String)
        /// With what it would come from.
        case unknown(String)
    }

    package static func pieces(of text: String) -> [Piece] {
        if !text.contains(open) { return text.isEmpty ? [] : [.text(text)] }
        var pieces: [Piece] = []
        var piece = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{F8D0}":
                if !piece.isEmpty { pieces.append(.text(piece)) }
                piece = ""
            case "\u{F8D1}":
                pieces.append(.unknown(piece))
                piece = ""
            default: piece.unicodeScalars.append(scalar)
            }
        }
        return piece.isEmpty ? pieces : pieces + [.text(piece)]
    }

    /// As a person reads it.
    package static func shown(_ text: String) -> String {
        if !text.contains(open) { return text }
        return pieces(of: text).map { piece in
            switch piece {
            case .text(let text): text
            case .unknown(let origin): "<known at run time: \(origin)>"
            }
        }.joined()
    }
}
