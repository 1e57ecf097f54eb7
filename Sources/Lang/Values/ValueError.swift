/// Why a text or a number cannot become the value it was meant to be.
///
/// The message has the form "X must be Y, but is Z". It knows no position: whoever read the text adds it.
package struct ValueError: Error, Sendable, Hashable {
    /// What is wrong, in one line.
    package let message: String
    /// What to write instead, where that can be told.
    package let hint: String?

    /// An error with its finished texts.
    package init(message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    /// "`subject` must be `requirement`, but is `input`", with the input quoted.
    package init(_ subject: String, mustBe requirement: String, butIs input: String, hint: String? = nil) {
        self.init(message: "\(subject) must be \(requirement), but is \(Self.quote(input))", hint: hint)
    }

    /// A text that was to become a Bool.
    package static func notBool(_ text: String) -> ValueError {
        ValueError("Bool", mustBe: "true or false", butIs: text)
    }

    /// The longest text that is quoted whole.
    private static let quotedLength = 80

    /// `input` in double quotes, escaped as in a recipe, and cut at 80 characters (then `…` follows the closing quote).
    ///
    /// Nothing in the result can move the cursor, end the line, reorder the text or change the quotes.
    package static func quote(_ input: String) -> String {
        var body = String.UnicodeScalarView()
        var isCut = false
        var length = 0
        for scalar in input.unicodeScalars {
            let piece = escape(scalar, isFirst: length == 0)
            length += piece.count
            if length > quotedLength {
                isCut = true
                break
            }
            body.append(contentsOf: piece)
        }
        return "\"\(String(body))\"" + (isCut ? "…" : "")
    }

    private static func escape(_ scalar: Unicode.Scalar, isFirst: Bool) -> String.UnicodeScalarView {
        switch scalar {
        case "\n": return "\\n".unicodeScalars
        case "\t": return "\\t".unicodeScalars
        case "\r": return "\\r".unicodeScalars
        case "\\": return "\\\\".unicodeScalars
        case "\"": return "\\\"".unicodeScalars
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            return "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars
        case .nonspacingMark, .enclosingMark, .spacingMark:
            // A mark at the start would melt into the opening quote.
            return isFirst
                ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars
                : String(scalar).unicodeScalars
        default:
            return String(scalar).unicodeScalars
        }
    }
}
