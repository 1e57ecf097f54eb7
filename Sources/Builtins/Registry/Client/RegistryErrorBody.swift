/// What a registry says about a refusal: `{"errors": [{"code": "DENIED", "message": "…"}]}`, by the OCI distribution
/// specification.
struct RegistryErrorBody: Sendable, Hashable {
    let codes: [String]
    /// Code and message of each; nil where the body says nothing.
    let text: String?

    /// As much of a body as is read for it, in bytes.
    static let limit = 1 << 16
    private static let shownLength = 300

    init(_ body: [UInt8]) {
        let text = String(decoding: body, as: UTF8.self)
        guard let json = try? JSON.parse(text) else {
            codes = []
            let line = text.split(whereSeparator: \.isNewline).first.map { String($0).trimmed } ?? ""
            // A proxy's page of HTML helps nobody.
            self.text = line.isEmpty || line.hasPrefix("<") ? nil : Self.cut(line)
            return
        }
        let errors = json["errors"]?.list ?? []
        codes = errors.compactMap { $0["code"]?.text }
        var parts = errors.compactMap { error -> String? in
            let parts = [error["code"]?.text, error["message"]?.text].compactMap(\.self).filter { !$0.isEmpty }
            return parts.isEmpty ? nil : parts.joined(separator: ": ")
        }
        // Token servers answer so, and GHCR at times.
        if parts.isEmpty { parts = [json["details"], json["message"], json["error"]].compactMap { $0?.text } }
        self.text = parts.isEmpty ? nil : Self.cut(parts.joined(separator: "; "))
    }

    private static func cut(_ text: String) -> String {
        let clean = String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) })
        return clean.count > shownLength ? clean.prefix(shownLength) + "…" : clean
    }
}
