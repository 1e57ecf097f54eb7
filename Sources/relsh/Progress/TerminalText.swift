/// How many columns text takes. Combining marks take none, East Asian wide characters and emoji two.
func displayWidth(_ text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
}

private func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x300: 1
    case 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F, 0x20D0...0x20FF: 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        2
    default: 1
    }
}

/// As much of the text as fits, with `…` where something was cut.
func fitted(_ text: String, _ width: Int) -> String {
    if displayWidth(text) <= width { return text }
    guard width > 0 else { return "" }
    var result = String.UnicodeScalarView()
    var used = 1
    for scalar in text.unicodeScalars {
        used += columns(of: scalar)
        if used > width { break }
        result.append(scalar)
    }
    result.append("…")
    return String(result)
}

/// At most so many characters of a command, a title or a message are shown: more is never read, and floods logs.
private let longestShown = 2000

/// The beginning of a text, with `…` and the length of all of it where something was cut.
func cut(_ text: String) -> String {
    let scalars = text.unicodeScalars
    // Bytes first: counting the characters of megabytes takes long.
    guard text.utf8.count > longestShown,
        let end = scalars.index(scalars.startIndex, offsetBy: longestShown, limitedBy: scalars.endIndex),
        end < scalars.endIndex
    else { return text }
    return text[..<end] + cutMark(of: text)
}

private func cutMark(of text: some StringProtocol) -> String { "… (\(text.utf8.count) bytes in all)" }

/// One line of a program's output, made safe to stand in the tree: what a carriage return would have overwritten is
/// left out, escape sequences and control characters do nothing, and what is very long is cut.
func oneLine(_ output: String) -> String {
    var line = Substring(output)
    while let last = line.unicodeScalars.last, last == "\n" || last == "\r" { line.unicodeScalars.removeLast() }
    if let end = line.utf8.lastIndex(where: { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) {
        line = line[line.utf8.index(after: end)...]
    }
    return withoutEscapes(line)
}

/// All of a text in one line, made safe like `oneLine`.
func inOneLine(_ text: String) -> String { withoutEscapes(Substring(text)) }

/// Without ANSI escape sequences; a control character becomes a space. Cut like `cut`.
private func withoutEscapes(_ text: Substring) -> String {
    if text.utf8.count <= longestShown, text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return String(text) }
    var result = String.UnicodeScalarView()
    var room = longestShown
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
        if room == 0 { return String(result) + cutMark(of: text) }
        room -= scalar == "\u{1B}" ? 0 : 1
        if scalar == "\u{1B}" {
            skipEscape(&scalars)
        } else if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
            result.append(" ")
        } else {
            result.append(scalar)
        }
    }
    return String(result)
}

private func skipEscape(_ scalars: inout Substring.UnicodeScalarView) {
    switch scalars.popFirst() {
    case "["?:
        while let scalar = scalars.popFirst(), !(0x40...0x7E).contains(scalar.value) {}
    case "]"?:
        while let scalar = scalars.popFirst(), scalar != "\u{07}" {
            if scalar == "\u{1B}" {
                _ = scalars.popFirst()
                return
            }
        }
    default: return
    }
}

/// `2.1 s`, `34 s`, `3m 05s`, `1h 02m`
func shownTime(_ elapsed: Duration) -> String {
    let tenths = max(0, elapsed.components.seconds * 10 + elapsed.components.attoseconds / 100_000_000_000_000_000)
    let seconds = tenths / 10
    func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : String(number) }
    if seconds < 10 { return "\(seconds).\(tenths % 10) s" }
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60)m \(padded(seconds % 60))s" }
    return "\(seconds / 3600)h \(padded(seconds / 60 % 60))m"
}

/// `512 B`, `7.4 MB`, `205 MB`, `1.3 GB`
func shownSize(_ bytes: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var (amount, unit) = (Double(max(0, bytes)), 0)
    // What would be rounded up to a thousand belongs to the next.
    while amount >= 999.5, unit < units.count - 1 {
        amount /= 1000
        unit += 1
    }
    let tenths = Int((amount * 10).rounded())
    if unit == 0 || tenths >= 100 { return "\(Int(amount.rounded())) \(units[unit])" }
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
}
