/// The `Link` field, by which a registry hands out long lists in pages (RFC 8288).
enum LinkField {
    /// The address of the next page; nil where this is the last.
    ///
    /// - Parameter url: the page that the field came with.
    static func next(_ fields: [String], of url: WebAddress) -> WebAddress? {
        for field in fields {
            var rest = field[...]
            while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
                let target = rest[rest.index(after: open)..<close]
                rest = rest[rest.index(after: close)...]
                let end = rest.firstIndex(of: "<") ?? rest.endIndex
                let parameters = rest[..<end].split { $0 == ";" || $0 == "," }.map { String($0).trimmed.lowercased() }
                rest = rest[end...]
                if parameters.contains(where: isNext) { return url.resolving(String(target)) }
            }
        }
        return nil
    }

    /// `rel="next"`, `rel=next`, or a list of relations that has it.
    private static func isNext(_ parameter: String) -> Bool {
        let pair = parameter.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
        guard pair.count == 2, pair[0] == "rel" else { return false }
        return pair[1].filter { $0 != "\"" }.split(separator: " ").contains("next")
    }
}
