/// `text` as a string literal of the language: in double quotes, escaped so that it reads back as the same text.
///
/// Scalars that cannot be seen, or that would move the cursor or reorder what stands around them, are written as
/// `\u{…}`.
package func quoted(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    result.append("\"")
    var isFirst = true
    var dollarIsPending = false
    for scalar in text.unicodeScalars {
        if dollarIsPending {
            if scalar == "{" { result.append("\\") }
            result.append("$")
            dollarIsPending = false
        }
        switch scalar {
        case "$": dollarIsPending = true
        case "\n": result.append(contentsOf: "\\n".unicodeScalars)
        case "\t": result.append(contentsOf: "\\t".unicodeScalars)
        case "\r": result.append(contentsOf: "\\r".unicodeScalars)
        case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
        case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
        case " "..."~": result.append(scalar)
        default:
            if isVisible(scalar, isFirst: isFirst) {
                result.append(scalar)
            } else {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            }
        }
        isFirst = false
    }
    if dollarIsPending { result.append("$") }
    result.append("\"")
    return String(result)
}

private func isVisible(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    // A mark at the start would melt into the opening quote.
    case .nonspacingMark, .enclosingMark, .spacingMark: !isFirst
    default: true
    }
}
