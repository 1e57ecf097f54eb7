import Lang

/// How a secret may stand in a text: as it is, line by line, as part of a URL, of JSON or of something in base64.
enum SecretForms {
    /// The longest first: one may contain another.
    static func of(_ secrets: Set<String>) -> [String] {
        var forms: Set<String> = []
        for secret in secrets {
            let lines = secret.split(whereSeparator: \.isNewline).map(String.init)
            for text in [secret] + lines where text.utf8.count > 2 {
                forms.insert(text)
                forms.insert(inURL(text))
                // As it stands in JSON, which values are kept in.
                forms.insert(String(Value.string(text).literal.dropFirst().dropLast()))
                // Without the end, which depends on what follows.
                for start in 0..<3 {
                    let encoded = Base64.encode(String(repeating: " ", count: start) + text)
                    let certain = encoded.dropFirst([0, 2, 3][start]).prefix { $0 != "=" }
                    let kept = (text.utf8.count + start) % 3 == 0 ? certain : certain.dropLast()
                    if kept.utf8.count > 4 { forms.insert(String(kept)) }
                }
            }
        }
        return forms.sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    private static func inURL(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if byte < 0x80,
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-._~".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }
}
