import Lang

/// How a secret may stand in a text: as it is, line by line, as part of a URL, of JSON or of a shell's line, or of something in
/// base64 or hexadecimal digits. What programs write of a whole secret in a URL or in JSON is found however they write it, see
/// `UnescapedText`; the usual ways are forms, too, so that a part of one is known.
enum SecretForms {
    /// The longest first: one may contain another.
    static func of(_ secrets: Set<String>) -> [String] {
        var forms: Set<String> = []
        for secret in secrets {
            let lines = secret.split(whereSeparator: \.isNewline).map(String.init)
            for text in [secret] + lines where text.utf8.count >= KnownSecrets.shortest {
                forms.insert(text)
                forms.formUnion(inURL(text))
                forms.formUnion(inJSON(text))
                forms.insert(String(shellQuoted(text).dropFirst().dropLast()))
                forms.formUnion(inBase64(text))
                for isUppercase in [true, false] { forms.insert(text.utf8.map { hex($0, isUppercase) }.joined()) }
            }
        }
        // What quoting leaves of a very short one may be as good as nothing.
        return forms.filter { $0.utf8.count >= KnownSecrets.shortest }
            .sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    /// Programs differ in what they leave as it is, and in the case of digits: RFC 3986, Python's `quote`, JavaScript's
    /// `encodeURIComponent`, and forms, which write a blank as `+`.
    private static func inURL(_ text: String) -> Set<String> {
        var forms: Set<String> = []
        for (kept, blank) in [("-._~", "%20"), ("-._~/", "%20"), ("-._~!'()*", "%20"), ("-._*", "+")] {
            for isUppercase in [true, false] {
                var result: [UInt8] = []
                for byte in text.utf8 {
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"):
                        result.append(byte)
                    case UInt8(ascii: " "): result += blank.utf8
                    case _ where kept.utf8.contains(byte): result.append(byte)
                    default: result += "%\(hex(byte, isUppercase))".utf8
                    }
                }
                forms.insert(String(decoding: result, as: UTF8.self))
            }
        }
        return forms
    }

    /// As relsh writes it, as most do, and with everything escaped that may be.
    private static func inJSON(_ text: String) -> Set<String> {
        var plain = ""
        var escaped = ""
        for scalar in text.unicodeScalars {
            let short: String? =
                switch scalar {
                case "\"": "\\\""
                case "\\": "\\\\"
                case "\n": "\\n"
                case "\r": "\\r"
                case "\t": "\\t"
                default: nil
                }
            plain += short ?? (scalar.value < 0x20 ? escape(scalar) : String(scalar))
            escaped += short ?? (scalar.value < 0x20 || scalar.value > 0x7E ? escape(scalar) : String(scalar))
        }
        let literal = String(Value.string(text).literal.dropFirst().dropLast())
        let forms = [literal, plain, escaped]
        return Set(forms + forms.map { $0.replacingBytes(of: "/", with: "\\/") })
    }

    /// `\u00e9`
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        String(scalar).utf16.map { "\\u" + hex(UInt8($0 >> 8), false) + hex(UInt8($0 & 0xFF), false) }.joined()
    }

    /// In both alphabets, and at each of the three places that it may have in a group; without the end, which depends on what
    /// follows.
    private static func inBase64(_ text: String) -> Set<String> {
        var forms: Set<String> = []
        for start in 0..<3 {
            let encoded = Base64.encode(String(repeating: " ", count: start) + text)
            let certain = encoded.dropFirst([0, 2, 3][start]).prefix { $0 != "=" }
            let kept = String((text.utf8.count + start) % 3 == 0 ? certain : certain.dropLast())
            guard kept.utf8.count > 4 else { continue }
            forms.insert(kept)
            forms.insert(kept.replacingBytes(of: "+", with: "-").replacingBytes(of: "/", with: "_"))
        }
        return forms
    }

    private static func hex(_ byte: UInt8, _ isUppercase: Bool) -> String {
        let digits = String(byte, radix: 16, uppercase: isUppercase)
        return digits.count == 1 ? "0" + digits : digits
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
