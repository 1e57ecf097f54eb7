import Lang

/// How texts of a run stand in a plan: the same on every machine, with marks for what only a real run would know.
///
/// A mark stands between ‹ and ›, and a ‹ of the text itself is doubled. `‹2: the id of app:local›` is a digest, the same
/// wherever its number is; `‹?: make›` is any text, `‹project›` and `‹repository›` the directories that have another place
/// elsewhere.
struct PlanWriting: Sendable {
    /// The directories that have names in a plan, by their paths; longer paths first.
    private let places: [(path: String, mark: String)]
    private let digests: @Sendable (Int) -> String

    /// - Parameters:
    ///   - project: where `relsh.toml` is, or where the run was started.
    ///   - repository: the root of the git repository, where there is one.
    ///   - digests: what the digest of a number is.
    init(project: String, repository: String?, digests: @escaping @Sendable (Int) -> String) {
        let named = [(project, "‹project›"), (repository ?? project, "‹repository›")]
        places = named.filter { $0.0.utf8.count > 1 && (project != $0.0 || $0.1 == "‹project›") }
            .map { (path: $0.0, mark: $0.1) }.sorted { $0.path.utf8.count > $1.path.utf8.count }
        self.digests = digests
    }

    func text(_ text: String) -> String {
        let hidden = LedgerMask.hide(in: text)
        let written = UnknownText.pieces(of: hidden).map { piece in
            switch piece {
            case .text(let text): withDigests(text.replacingBytes(of: "‹", with: "‹‹"))
            case .unknown(let origin): "‹?: \(Self.plain(origin))›"
            }
        }.joined()
        return places.reduce(written) { Self.replace($1.path, in: $0, with: $1.mark) }
    }

    private func withDigests(_ text: String) -> String {
        Digest.replacingPlanned(in: text) { "‹\($0): \(Self.plain(digests($0)))›" }
    }

    /// A text as it is on this machine; marks of the unknown stay.
    func plain(_ written: String) -> String {
        let marks = [(path: "‹", mark: "‹‹")] + places
        var result = ""
        var rest = written[...]
        while let first = rest.first {
            if let place = marks.first(where: { rest.hasPrefix($0.mark) }) {
                result += place.path
                rest = rest.dropFirst(place.mark.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    /// What may stand in a mark.
    private static func plain(_ text: String) -> String {
        text.replacingBytes(of: "‹", with: "(").replacingBytes(of: "›", with: ")").limited(to: 200)
    }

    /// Where the path stands as a whole: `/work/app/x`, and not `/work/apple`.
    private static func replace(_ path: String, in text: String, with mark: String) -> String {
        if !text.contains(path) { return text }
        let (wanted, bytes) = (Array(path.utf8), Array(text.utf8))
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            let end = position + wanted.count
            if end <= bytes.count, bytes[position..<end].elementsEqual(wanted),
                end == bytes.count || !isName(bytes[end]), position == 0 || !isName(bytes[position - 1])
            {
                result += Array(mark.utf8)
                position = end
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }

    /// A value as it is kept, in which every text is written as above. Of a function, or of what is too large, only that it was
    /// one.
    func value(_ value: Value) -> Value {
        guard let stored = try? StoredValue.text(of: value, secrets: .asSources, unknowns: true) else {
            return .map(OrderedMap([("$", .string("NotKept"))]))
        }
        return written(PlanFields.parsed(stored))
    }

    /// The same as JSON; nil for null.
    func json(_ value: Value) -> String? {
        let written = self.value(value)
        return written.isNull ? nil : PlanFields.text(of: written)
    }

    /// Every text in it, written as above.
    func written(_ value: Value) -> Value {
        if let text = value.asString { return .string(self.text(text)) }
        if let items = value.asList { return .list(items.map(written)) }
        if let map = value.asMap { return .map(OrderedMap(map.map { ($0.0, written($0.1)) })) }
        return value
    }
}
