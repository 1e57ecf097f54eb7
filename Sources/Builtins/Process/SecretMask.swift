import Lang

/// Hides the secrets that a command was given wherever its line or its output is shown.
struct SecretMask: Sendable {
    private let secrets: [String]

    init(_ stages: [ProcessRequest], _ input: ProcessOptions.Input) {
        var texts = stages.flatMap { $0.secrets.values.map(\.text) }
        if case .secret(let secret) = input { texts.append(secret.text) }
        secrets = SecretForms.of(Set(texts))
    }

    func hide(in text: String) -> String {
        secrets.isEmpty ? text : secrets.reduce(text) { $0.replacingBytes(of: $1, with: Secret.mask) }
    }

    func hide(in error: RuntimeError) -> RuntimeError {
        guard !secrets.isEmpty else { return error }
        var hidden = error
        hidden.message = hide(in: error.message)
        hidden.help = error.help.map(hide)
        hidden.command = error.command.map {
            .init(line: hide(in: $0.line), exitCode: $0.exitCode, output: hide(in: $0.output))
        }
        return hidden
    }
}

extension String {
    /// Replaces every occurrence, compared byte by byte.
    func replacingBytes(of old: String, with new: String) -> String {
        let (bytes, old, new) = (Array(utf8), Array(old.utf8), Array(new.utf8))
        guard let first = old.first, bytes.count >= old.count else { return self }
        var result: [UInt8] = []
        var position = 0
        var kept = 0
        while let start = bytes[position...].firstIndex(of: first), start + old.count <= bytes.count {
            if bytes[start..<start + old.count].elementsEqual(old) {
                result += bytes[kept..<start]
                result += new
                position = start + old.count
                kept = position
            } else {
                position = start + 1
            }
        }
        return kept == 0 ? self : String(decoding: result + bytes[kept...], as: UTF8.self)
    }
}
